import { systemClock } from '../../flow/index.ts';
import { grpcClientFields, httpClientFields, otlpMethods, z, type Logger } from '../../plugin/index.ts';
import { createTransport } from '../../transport/index.ts';
import type { Signal } from '../../wire/index.ts';
import type { Protocol } from './options.ts';

/** Sends encoded OTLP requests; throws an Error where one is not answered OK. */
export interface Sender {
  readonly encoding: 'protobuf' | 'json';
  send(signal: Signal, request: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

const timeoutMs = 15_000;

const quiet = (): void => {};
const silent: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

export function createSender(protocol: Protocol, endpoint: string): Sender {
  return protocol === 'grpc'
    ? grpcSender(endpoint)
    : httpSender(endpoint, protocol === 'http/json' ? 'json' : 'protobuf');
}

function httpSender(endpoint: string, encoding: Sender['encoding']): Sender {
  const client = createTransport({ logger: silent, clock: systemClock }).httpClient({
    config: z.strictObject(httpClientFields).parse({}),
  });
  const base = endpoint.replace(/\/$/, '');
  return {
    encoding,
    async send(signal, body) {
      const { status, body: answer } = await client.request({
        method: 'POST',
        url: `${base}/v1/${signal}`,
        headers: { 'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf' },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (status < 200 || status > 299) throw new Error(`HTTP ${status} ${printable(answer)}`.trimEnd());
    },
    close: () => client.close(),
  };
}

function grpcSender(endpoint: string): Sender {
  const config = z
    .strictObject(grpcClientFields)
    .parse({ endpoint, tls: { insecure: !endpoint.startsWith('https:') } });
  const client = createTransport({ logger: silent, clock: systemClock }).grpcClient({ config });
  return {
    encoding: 'protobuf',
    async send(signal, message) {
      const answer = await client.call({
        method: otlpMethods[signal],
        message,
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (!(answer instanceof Uint8Array)) throw new Error(`gRPC status ${answer.code} ${answer.message}`.trimEnd());
    },
    close: () => client.close(),
  };
}

/** The start of an answer, where it is text. */
function printable(body: Uint8Array): string {
  const text = new TextDecoder().decode(body.subarray(0, 200));
  return /^[\P{C}\s]*$/u.test(text) ? text : '';
}
