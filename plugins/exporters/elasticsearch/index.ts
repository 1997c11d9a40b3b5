import { defineExporter } from 'sluice/plugin';
import { longestAnswer } from './bulk/answer.ts';
import { BulkBuilder } from './bulk/builder.ts';
import { outcomeOf } from './bulk/outcome.ts';
import { BulkSender } from './bulk/sender.ts';
import { config } from './config.ts';

export default defineExporter({
  type: 'elasticsearch',
  summary: 'Sends logs, traces and metrics to Elasticsearch, OpenSearch and others with their bulk API.',
  stability: 'beta',
  config,
  signals: ['logs', 'traces', 'metrics'],
  timeout: '90s',
  start(config, context) {
    const auth = config.auth === undefined ? undefined : context.extension(config.auth.authenticator, 'clientAuth');
    const client = context.transport.httpClient({
      config,
      maxResponseBytes: longestAnswer,
      ...(auth !== undefined && { auth }),
    });
    const builder = new BulkBuilder(config);
    const sender = new BulkSender(config, client, context.clock);
    const existing = context.metrics.counter('exporter_elasticsearch_existing_documents', {
      description: 'Documents that were there already: what came again, or is equal to another in every byte.',
      unit: '{documents}',
    });
    return {
      async send(batch, { signal }) {
        const request = builder.build(batch);
        const verdicts = request.items.length === 0 ? undefined : await sender.send(request, signal);
        if (request.empty > 0) context.dropped(request.empty, batch.signal, 'no_recorded_value');
        const known = verdicts?.filter(({ kind }) => kind === 'known').length ?? 0;
        if (known > 0) existing.add(known);
        return outcomeOf(builder, request, verdicts);
      },
      stop: () => client.close(),
    };
  },
});
