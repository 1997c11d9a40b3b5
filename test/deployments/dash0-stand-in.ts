import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { Server, ServerCredentials, status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { otlpMethods } from '../../src/plugin/index.ts';
import type { Signal } from '../../src/wire/index.ts';

export interface StandInOptions {
  readonly cert: string;
  readonly key: string;
  readonly token: string;
  /** The dataset that the token is for; without one, a header with a dataset is refused. */
  readonly dataset?: string;
  readonly port?: number;
  /** Told of each request that had both headers right. */
  readonly taken: (signal: Signal, request: Buffer) => void;
}

/** A place like Dash0's ingress: OTLP over TLS, and whoever sends has to name a token and a dataset. */
export interface StandIn {
  readonly port: number;
  /** Refused requests, by what was wrong. */
  readonly refused: Map<'token' | 'dataset', number>;
  /** Goes away at once, with every connection. */
  close(): Promise<void>;
}

const signals = ['logs', 'traces', 'metrics'] as const;

type Headers = (name: string) => string | undefined;

class Door {
  readonly refused = new Map<'token' | 'dataset', number>();
  private readonly options: StandInOptions;

  constructor(options: StandInOptions) {
    this.options = options;
  }

  /** What is wrong with a request. */
  fault(header: Headers): 'token' | 'dataset' | undefined {
    const { token, dataset } = this.options;
    const authorized = header('authorization') === `Bearer ${token}`;
    const fault = authorized ? (header('dash0-dataset') === dataset ? undefined : 'dataset') : 'token';
    if (fault !== undefined) this.refused.set(fault, (this.refused.get(fault) ?? 0) + 1);
    return fault;
  }
}

/** Over gRPC, with the library that is not ours. */
export async function openGrpcStandIn(options: StandInOptions): Promise<StandIn> {
  const door = new Door(options);
  const server = new Server({ 'grpc.max_receive_message_length': 16 * 1024 * 1024 });
  for (const signal of signals) {
    const method = {
      path: otlpMethods[signal],
      requestStream: false,
      responseStream: false,
      requestSerialize: pass,
      requestDeserialize: pass,
      responseSerialize: pass,
      responseDeserialize: pass,
    } as const;
    const serve = (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>): void => {
      const fault = door.fault((name) => call.metadata.get(name)[0]?.toString());
      if (fault === 'token') return done({ code: status.UNAUTHENTICATED, details: 'unknown token' });
      if (fault === 'dataset') return done({ code: status.PERMISSION_DENIED, details: 'not for this dataset' });
      options.taken(signal, call.request);
      done(null, Buffer.alloc(0));
    };
    server.addService({ export: method }, { export: serve });
  }
  const pair = { private_key: readFileSync(options.key), cert_chain: readFileSync(options.cert) };
  const credentials = ServerCredentials.createSsl(null, [pair]);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${options.port ?? 0}`, credentials, (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { port, refused: door.refused, close: async () => server.forceShutdown() };
}

/** Over HTTP. */
export async function openHttpStandIn(options: StandInOptions): Promise<StandIn> {
  const door = new Door(options);
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = Buffer.concat(await request.toArray());
    const fault = door.fault((name) => request.headers[name]?.toString());
    const signal = signals.find((one) => request.url === `/v1/${one}`);
    if (fault !== undefined) response.writeHead(fault === 'token' ? 401 : 403).end();
    else if (request.method !== 'POST' || signal === undefined) response.writeHead(404).end();
    else {
      options.taken(signal, request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    }
  };
  const server = createServer({ key: readFileSync(options.key), cert: readFileSync(options.cert) });
  server.on('request', (request, response) => void serve(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    refused: door.refused,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pass(bytes: Buffer): Buffer {
  return bytes;
}
