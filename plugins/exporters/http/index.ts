import { asDeliveryError, defineExporter, PermanentError, type HttpClient } from 'sluice/plugin';
import { answerFailure } from './answer.ts';
import { config, type Config } from './config.ts';
import { outcomeOf, type Failure } from './outcome.ts';
import { RequestBuilder, type Outgoing } from './requests.ts';

export default defineExporter({
  type: 'http',
  summary:
    'Sends logs, traces and metrics as JSON to any HTTP endpoint: one flat object a record, in lines or in a list.',
  stability: 'beta',
  config,
  signals: ['logs', 'traces', 'metrics'],
  timeout: '30s',
  start(config, context) {
    const builder = new RequestBuilder(config);
    const auth = config.auth === undefined ? undefined : context.extension(config.auth.authenticator, 'clientAuth');
    const client = context.transport.httpClient({ config, ...(auth !== undefined && { auth }) });
    const send = sending(config, client);
    return {
      async send(batch, { signal }) {
        const cut = builder.build(batch);
        const failures: Failure[] = [];
        for (const request of cut.requests) {
          const error = await send(request, { signal, batch });
          if (error !== undefined) failures.push([request, error]);
        }
        return outcomeOf(batch, cut, failures);
      },
      stop: () => client.close(),
    };
  },
});

type Options = Pick<Parameters<HttpClient['request']>[0], 'signal' | 'batch'>;

/** Sends one request, and says why its records are not delivered; undefined where they are. */
function sending(config: Config, client: HttpClient) {
  const { method, max_request_bytes: most } = config;
  const type = config.content_type ?? (config.format === 'ndjson' ? 'application/x-ndjson' : 'application/json');
  const failureOf = answerFailure(config);
  return async ({ url, headers, body }: Outgoing, options: Options) => {
    if (most > 0 && body.length > most)
      return new PermanentError(`the request has ${body.length} bytes, more than max_request_bytes`, {
        tooLarge: true,
      });
    try {
      return failureOf(
        await client.request({ method, url, headers: { 'content-type': type, ...headers }, body, ...options }),
      );
    } catch (error) {
      return asDeliveryError(error);
    }
  };
}
