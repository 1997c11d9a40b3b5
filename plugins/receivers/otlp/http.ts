import {
  batchFromJson,
  receive,
  type Batch,
  type HttpHandler,
  type HttpResponse,
  type HttpRoute,
  type Listener,
  type ReceiverContext,
  type Signal,
} from 'sluice/plugin';
import type { Accept, Refusal } from './accept.ts';
import type { HttpConfig } from './config.ts';
import { errorBody, isJson, json, protobuf } from './error-body.ts';
import { metaOf } from './meta.ts';

/** Serves OTLP over HTTP. A signal that no pipeline takes has no path. */
export function serveHttp(config: HttpConfig, context: ReceiverContext, accept: Accept): Promise<Listener> {
  const paths: Readonly<Record<Signal, string>> = {
    traces: config.traces_url_path,
    metrics: config.metrics_url_path,
    logs: config.logs_url_path,
  };
  const handlerOf =
    (signal: Signal): HttpHandler =>
    async (request) => {
      const inJson = isJson(request.headers.get('content-type')?.[0] ?? '');
      // No body at all is a request without data, in either encoding.
      if (request.body.length === 0) return taken(inJson);
      const meta = metaOf(request, context.clock.now(), config.include_metadata ? request.headers : undefined);
      const read = (): Batch =>
        inJson ? batchFromJson(signal, request.body, meta) : receive(signal, request.body, meta);
      const refusal = await accept(read);
      return refusal === undefined ? taken(inJson) : refused(refusal);
    };
  const routes = [...context.signals].map((signal): HttpRoute => ({
    method: 'POST',
    path: paths[signal],
    contentTypes: [...protobuf, json],
    handler: handlerOf(signal),
  }));
  const auth = config.auth === undefined ? undefined : context.extension(config.auth.authenticator, 'serverAuth');
  return context.transport.serveHttp({ config, routes, errorBody, ...(auth !== undefined && { auth }) });
}

function taken(inJson: boolean): HttpResponse {
  return inJson
    ? { status: 200, headers: { 'content-type': json }, body: '{}' }
    : { status: 200, headers: { 'content-type': protobuf[0] } };
}

function refused({ message, retryAfterMs }: Refusal): HttpResponse {
  if (retryAfterMs === undefined) return { status: 400, body: message };
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return { status: 503, headers: { 'retry-after': String(seconds) }, body: message };
}
