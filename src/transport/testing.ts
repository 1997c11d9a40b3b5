import { systemClock } from '../flow/index.ts';
import { grpcClientConfig } from '../plugin/groups/grpc.ts';
import { httpClientConfig } from '../plugin/groups/http.ts';
import { grpcServer, httpServer, type HttpRoute, type Listener, type Logger } from '../plugin/index.ts';
import { createTransport } from './index.ts';

/** A logger that keeps what it is told, for tests to look at. */
function rememberingLogger(): Logger & { readonly lines: { level: string; fields: object; message: string }[] } {
  const lines: { level: string; fields: object; message: string }[] = [];
  const keep = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}

export const logger = rememberingLogger();
export const transport = createTransport({ logger, clock: systemClock });

/** Configurations with every default, for a server on any free port and for clients. */
export const configs = {
  httpServer: (overrides: object = {}) => httpServer('127.0.0.1:0').parse(overrides),
  httpClient: (overrides: object = {}) => httpClientConfig.parse({ compression: 'none', ...overrides }),
  grpcServer: (overrides: object = {}) => grpcServer('127.0.0.1:0').parse(overrides),
  grpcClient: (endpoint: string, overrides: object = {}) =>
    grpcClientConfig.parse({ endpoint, compression: 'none', tls: { insecure: true }, ...overrides }),
};

/** How a server names an implementation of gRPC: ours is what every plain socket speaks. */
export function serverTransportOf(implementation: string): string {
  return implementation === 'lean' ? 'tcp' : implementation;
}

/** Closes at once, with whatever is under way. */
export function stop(listener: Listener): Promise<void> {
  return listener.close(0);
}

/** A route that answers with the body it was sent. */
export const echo: HttpRoute = {
  method: 'POST',
  path: '/echo',
  handler: (request) => ({ status: 200, body: request.body }),
};
