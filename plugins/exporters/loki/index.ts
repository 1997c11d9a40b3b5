import {
  asDeliveryError,
  defineExporter,
  PermanentError,
  type Context,
  type HttpClient,
  type RetryableError,
  type Sent,
} from 'sluice/plugin';
import { longestAnswer, readAnswer } from './answer/index.ts';
import { config, type Config } from './config.ts';
import { outcome } from './outcome.ts';
import { Progress, type PartProgress } from './progress.ts';
import { PushSender, type Post } from './push/sender.ts';
import { Report } from './report.ts';
import { byTenant, type TenantPart } from './tenant.ts';
import { urlOf } from './urls.ts';

export default defineExporter({
  type: 'loki',
  summary: 'Sends logs to Grafana Loki, by its push API with labels of your choice, or by OTLP.',
  stability: 'beta',
  config,
  signals: ['logs'],
  timeout: '10s',
  start(config, context) {
    const url = urlOf(config);
    const client = clientOf(config, context);
    const push = config.mode === 'push' ? new PushSender(config, context.clock) : undefined;
    const report = new Report(context, push?.guard);
    const progress = new Progress();
    const inProtobuf = config.mode === 'otlp' || config.encoding === 'protobuf';
    const contentType = inProtobuf ? 'application/x-protobuf' : 'application/json';

    async function attempt(
      { tenant, batch, refused }: TenantPart,
      own: PartProgress,
      signal: AbortSignal,
    ): Promise<RetryableError | PermanentError | undefined> {
      if (refused !== undefined) return refused;
      const headers = { 'content-type': contentType, ...(tenant !== undefined && { 'x-scope-orgid': tenant }) };
      const post: Post = (body) => client.request({ url, headers, body, signal, batch });
      try {
        if (push !== undefined) await push.send(batch, own, post);
        else own.refused.merge(readAnswer(await post(batch.bytes)));
        own.done = true;
        return undefined;
      } catch (error) {
        return asDeliveryError(error);
      }
    }

    return {
      async send(batch, { signal }): Promise<Sent | undefined> {
        const parts = byTenant(batch, config.tenant);
        const known = progress.of(batch, parts.length);
        const attempted = [];
        for (const [i, part] of parts.entries()) {
          const own = known[i] as PartProgress;
          const error = own.done ? undefined : await attempt(part, own, signal);
          const reason = part.refused === undefined ? ('refused' as const) : ('no_tenant' as const);
          attempted.push({ count: part.batch.count, progress: own, error, reason });
        }
        const { sent, refused } = outcome(batch, attempted);
        for (const { here } of known) if (here !== undefined) report.changes(here.changes);
        report.refused(refused);
        if (sent?.rejected === batch.count) throw new PermanentError(sent.message);
        return sent;
      },
      stop: () => client.close(),
    };
  },
});

/** A push in protobuf is compressed already. */
function clientOf(config: Config, context: Context): HttpClient {
  const auth = config.auth === undefined ? undefined : context.extension(config.auth.authenticator, 'clientAuth');
  const compressed = config.mode === 'push' && config.encoding === 'protobuf';
  return context.transport.httpClient({
    config: compressed ? { ...config, compression: 'none', compression_params: undefined } : config,
    maxResponseBytes: longestAnswer,
    ...(auth !== undefined && { auth }),
  });
}
