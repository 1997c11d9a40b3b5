import { once } from 'node:events';
import http from 'node:http';
import { Client, credentials, Metadata, type ClientOptions } from '@grpc/grpc-js';
import { decodeRpcStatus, otlpMethods, type RpcStatus, type Signal } from '../../src/plugin/index.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface HttpSending {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** Sent in these parts with chunked encoding; a single buffer has its length announced. */
  readonly body?: Uint8Array | readonly Uint8Array[];
  readonly agent?: http.Agent;
}

export const protobuf = 'application/x-protobuf';
export const json = 'application/json';

/** Sends one request with node's client, which knows nothing of OTLP. */
export async function sendHttp(address: string, sending: HttpSending): Promise<HttpAnswer> {
  const { method = 'POST', path = '/v1/logs', headers = {}, body = Buffer.alloc(0), agent } = sending;
  const [host, port] = address.split(':');
  const whole = body instanceof Uint8Array;
  const request = http.request({
    host,
    port,
    method,
    path,
    headers: { 'content-type': protobuf, ...headers, ...(whole && { 'content-length': String(body.length) }) },
    agent: agent ?? new http.Agent(),
  });
  // A server may answer and stop listening while the rest is on its way.
  request.on('error', () => {});
  for (const part of whole ? [body] : body) request.write(part);
  request.end();
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}

/** The Status in an error's body, which has to be in the encoding of the request. */
export function statusIn({ headers, body }: HttpAnswer): RpcStatus | undefined {
  if (headers['content-type'] === json) return JSON.parse(body.toString()) as RpcStatus;
  return headers['content-type'] === protobuf ? decodeRpcStatus(body) : undefined;
}

export interface GrpcAnswer {
  /** 0 for OK. */
  readonly code: number;
  readonly details: string;
  readonly message: Buffer;
  /** From RetryInfo. */
  readonly retryAfterMs: number | undefined;
}

export interface GrpcSending {
  readonly signal?: Signal;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly options?: ClientOptions;
  readonly waitMs?: number;
}

const pass = (bytes: Buffer): Buffer => bytes;

/** A client of grpc-js that calls Export with bytes, and is closed at the end. */
export async function callGrpc(address: string, bytes: Uint8Array, sending: GrpcSending = {}): Promise<GrpcAnswer> {
  const client = new Client(address, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_send_message_length': -1,
    ...sending.options,
  });
  try {
    return await callOn(client, bytes, sending);
  } finally {
    client.close();
  }
}

export function callOn(client: Client, bytes: Uint8Array, sending: GrpcSending = {}): Promise<GrpcAnswer> {
  const { signal = 'logs', waitMs = 10_000 } = sending;
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(sending.metadata ?? {})) metadata.set(key, value);
  const { promise, resolve } = Promise.withResolvers<GrpcAnswer>();
  const options = { deadline: Date.now() + waitMs };
  client.makeUnaryRequest(otlpMethods[signal], pass, pass, Buffer.from(bytes), metadata, options, (error, answer) => {
    const [details] = error?.metadata.get('grpc-status-details-bin') ?? [];
    resolve({
      code: error?.code ?? 0,
      details: error?.details ?? '',
      message: answer ?? Buffer.alloc(0),
      retryAfterMs: Buffer.isBuffer(details) ? decodeRpcStatus(details)?.retryAfterMs : undefined,
    });
  });
  return promise;
}
