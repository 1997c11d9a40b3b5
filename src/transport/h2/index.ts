export { Client, type ClientOptions } from './client.ts';
export { type Answer, type Request } from './client-connection.ts';
export { fieldOf, type RequestHead, type ResponseHead } from './field-rules.ts';
export { FixedHeaders, type Headers } from './hpack/encoder.ts';
export { defaultLimits, type Limits } from './limits.ts';
export type { Exchange, Peer, Response, ServerOptions } from './server-connection.ts';
export { createServer, type ListenerOptions, type Server } from './server.ts';
