import { otlpMethods } from '../../../../src/plugin/index.ts';
import {
  createServer,
  defaultLimits,
  fieldOf,
  FixedHeaders,
  type Exchange,
  type RequestHead,
  type Response,
} from '../../../../src/transport/h2/index.ts';
import type { Signal } from '../../../../src/wire/index.ts';
import { inflate } from './inflate.ts';
import type { Ledger } from './ledger.ts';

const headers = new FixedHeaders([':status', '200', 'content-type', 'application/grpc']);
const ok: Response = { headers, body: Buffer.alloc(5), trailers: new FixedHeaders(['grpc-status', '0']) };
const signals = new Map(Object.entries(otlpMethods).map(([signal, path]) => [path, signal as Signal]));
const maxBody = 64 * 1024 * 1024;

/** Resolves to `host:port`. */
export function serveGrpc(ledger: Ledger): Promise<string> {
  const server = createServer({
    limits: defaultLimits,
    maxConnections: 10_000,
    open: (head) => exchange(head, ledger),
  });
  return server.listen({ host: '127.0.0.1', port: 0 });
}

function exchange(head: RequestHead, ledger: Ledger): Exchange {
  const signal = signals.get(head.path) ?? 'logs';
  const encoding = fieldOf(head.fields, 'grpc-encoding');
  return {
    maxBody,
    tooLarge: () => ({ headers: [':status', '413'] }),
    sizeHint: (start) => (start.length < 5 ? undefined : 5 + start.readUInt32BE(1)),
    handle(body) {
      const message = body.subarray(5);
      ledger.add(signal, body[0] === 1 ? inflate(message, encoding) : message, message.length);
      return ok;
    },
  };
}
