import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Metadata, Server, ServerCredentials, type handleUnaryCall } from '@grpc/grpc-js';
import { encodeRpcStatus, otlpMethods, type RpcStatus } from '../../src/plugin/index.ts';

/** What a destination answers to one request. */
export interface Scripted {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** One request that came. */
export interface Arrival {
  readonly at: number;
  readonly body: Buffer;
  /** Headers, or gRPC metadata, keys in lower case. */
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A destination that answers by a script, and with success when the script is at its end. */
export interface Sink<S> {
  readonly url: string;
  readonly script: S[];
  readonly arrivals: Arrival[];
  stop(): Promise<void>;
}

export async function httpSink(): Promise<Sink<Scripted>> {
  const script: Scripted[] = [];
  const arrivals: Arrival[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      arrivals.push({ at: performance.now(), body: Buffer.concat(chunks), headers: request.headers });
      const { status, headers, body } = script.shift() ?? { status: 200 };
      response.writeHead(status, headers).end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    script,
    arrivals,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const pass = (bytes: Buffer): Buffer => bytes;
const codecs = { requestSerialize: pass, requestDeserialize: pass, responseSerialize: pass, responseDeserialize: pass };

/** By grpc-js. A script has statuses, `retryAfterMs` as RetryInfo, or the bytes of an answer. */
export async function grpcSink(): Promise<Sink<RpcStatus | Uint8Array>> {
  const script: (RpcStatus | Uint8Array)[] = [];
  const arrivals: Arrival[] = [];
  const answer: handleUnaryCall<Buffer, Buffer> = ({ request, metadata: sent }, done) => {
    arrivals.push({ at: performance.now(), body: request, headers: sent.getMap() });
    const next = script.shift() ?? new Uint8Array(0);
    if (next instanceof Uint8Array) done(null, Buffer.from(next));
    else {
      const metadata = new Metadata();
      if (next.retryAfterMs !== undefined) metadata.set('grpc-status-details-bin', Buffer.from(encodeRpcStatus(next)));
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- codes that nobody knows are part of the test
      done({ code: next.code, details: next.message, metadata });
    }
  };
  const server = new Server();
  for (const [signal, path] of Object.entries(otlpMethods))
    server.addService(
      { [signal]: { path, requestStream: false, responseStream: false, ...codecs } },
      { [signal]: answer },
    );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { url: `http://127.0.0.1:${port}`, script, arrivals, stop: async () => server.forceShutdown() };
}
