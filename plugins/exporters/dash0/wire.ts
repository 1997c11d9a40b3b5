import {
  otlpMethods,
  partialSuccess,
  PermanentError,
  type Batch,
  type ClientAuthenticator,
  type Context,
  type Sent,
} from 'sluice/plugin';
import { errorOf } from '../otlp_grpc/answer.ts';
import { readAnswer } from '../otlp_http/answer.ts';
import { urlsOf } from '../otlp_http/urls.ts';
import type { Config } from './config.ts';
import type { Refusals } from './refusal.ts';

/** A way to Dash0. What it cannot deliver it throws, as exporters do. */
export interface Wire {
  send(batch: Batch, signal: AbortSignal): Promise<Sent | undefined>;
  close(): Promise<void>;
}

export interface WireOptions {
  readonly config: Config;
  readonly endpoint: string;
  readonly auth: ClientAuthenticator;
  readonly refusals: Refusals;
  readonly context: Context;
}

export function overGrpc({ config, endpoint, auth, refusals, context }: WireOptions): Wire {
  const client = context.transport.grpcClient({ config: { ...config, endpoint }, auth });
  return {
    async send(batch, signal) {
      const answer = await client.call({ method: otlpMethods[batch.signal], message: batch.bytes, signal, batch });
      if (!(answer instanceof Uint8Array)) throw refusals.ofGrpc(answer.code, errorOf(answer));
      try {
        return partialSuccess(answer);
      } catch (error) {
        unreadable(context, (error as Error).message);
        return undefined;
      }
    },
    close: () => client.close(),
  };
}

export function overHttp({ config, endpoint, auth, refusals, context }: WireOptions): Wire {
  const urls = urlsOf({ endpoint, tls: config.tls });
  const client = context.transport.httpClient({ config, auth });
  const headers = { 'content-type': 'application/x-protobuf' };
  return {
    async send(batch, signal) {
      const url = urls[batch.signal];
      if (url === undefined) throw new PermanentError(`no endpoint for ${batch.signal}`);
      const answer = await client.request({ url, headers, body: batch.bytes, signal, batch });
      try {
        return readAnswer(answer, (reason) => unreadable(context, reason));
      } catch (error) {
        throw refusals.ofHttp(answer.status, error);
      }
    },
    close: () => client.close(),
  };
}

/** The data is there; to send it again would double it. */
function unreadable({ logger }: Context, reason: string): void {
  logger.warn({ reason }, 'delivered, but the answer cannot be read');
}
