import { defineExporter, PermanentError, wireToJson } from 'sluice/plugin';
import { readAnswer } from './answer.ts';
import { config } from './config.ts';
import { urlsOf } from './urls.ts';

export default defineExporter({
  type: 'otlp_http',
  aliases: ['otlphttp'],
  summary: 'Sends logs, traces and metrics over OTLP by HTTP.',
  stability: 'beta',
  config,
  signals: ['logs', 'traces', 'metrics'],
  timeout: '30s',
  start(config, context) {
    const urls = urlsOf(config);
    const auth = config.auth === undefined ? undefined : context.extension(config.auth.authenticator, 'clientAuth');
    const client = context.transport.httpClient({ config, ...(auth !== undefined && { auth }) });
    const inJson = config.encoding === 'json';
    const headers = { 'content-type': inJson ? 'application/json' : 'application/x-protobuf' };
    return {
      async send(batch, { signal }) {
        const url = urls[batch.signal];
        if (url === undefined) throw new PermanentError(`no endpoint for ${batch.signal}`);
        const body = inJson ? wireToJson(batch.signal, batch.bytes) : batch.bytes;
        const answer = await client.request({ url, headers, body, signal, batch });
        return readAnswer(answer, (reason) =>
          context.logger.warn({ status: answer.status, reason }, 'delivered, but the answer cannot be read'),
        );
      },
      stop: () => client.close(),
    };
  },
});
