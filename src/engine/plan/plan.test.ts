import { describe, expect, it } from 'vitest';
import { createRegistry, loadConfig } from '../../config/index.ts';
import { defineConnector, defineExporter, defineProcessor, defineReceiver, z } from '../../plugin/index.ts';
import { plan } from './plan.ts';
import { graphAsMermaid, graphAsText } from './print.ts';

const config = z.strictObject({});
const signals = ['logs', 'traces', 'metrics'] as const;
const registry = createRegistry([
  defineReceiver({ type: 'otlp', summary: 'Test.', signals, sharing: 'port', config, start: () => undefined }),
  defineProcessor({ type: 'batch', summary: 'Test.', config, operator: (deliveries) => deliveries }),
  defineExporter({ type: 'sink', summary: 'Test.', signals, config, start: () => ({ send: () => Promise.resolve() }) }),
  defineConnector({
    type: 'count',
    summary: 'Test.',
    pairs: { logs: ['metrics'], traces: ['metrics'] },
    config,
    connect: (deliveries) => deliveries,
  }),
]);

const yaml = `
receivers: { otlp: , otlp/second: }
processors: { batch: }
connectors: { count: }
exporters: { sink: , sink/two: }
service:
  pipelines:
    logs: { receivers: [otlp, otlp/second], processors: [batch], exporters: [sink, count] }
    traces: { receivers: [otlp], exporters: [count] }
    metrics/counts: { receivers: [count], processors: [batch], exporters: [sink, sink/two] }
`;

function graphOf(text: string) {
  const { configuration, diagnostics } = loadConfig([{ name: 'plan.yaml', text }], registry, {
    env: {},
    readFile: () => '',
  });
  if (configuration === undefined) throw new Error(JSON.stringify(diagnostics));
  return plan(configuration);
}

describe('the plan', () => {
  it('has receivers once, exporters once per signal, and connectors once per pair of signals', () => {
    const graph = graphOf(yaml);
    expect(graph.receivers.map(({ component, targets }) => [component.id, Object.fromEntries(targets)])).toEqual([
      ['otlp', { logs: ['logs'], traces: ['traces'] }],
      ['otlp/second', { logs: ['logs'] }],
    ]);
    expect(graph.exporters.map(({ component, signal }) => `${component.id} ${signal}`)).toEqual([
      'sink logs',
      'sink metrics',
      'sink/two metrics',
    ]);
    expect(
      graph.connectors.map(({ component, from, to, sources, targets }) => ({
        id: component.id,
        from,
        to,
        sources,
        targets,
      })),
    ).toEqual([
      { id: 'count', from: 'logs', to: 'metrics', sources: ['logs'], targets: ['metrics/counts'] },
      { id: 'count', from: 'traces', to: 'metrics', sources: ['traces'], targets: ['metrics/counts'] },
    ]);
  });

  it('prints as text', () => {
    expect(graphAsText(graphOf(yaml))).toMatchInlineSnapshot(`
      "logs: otlp, otlp/second -> [batch] -> sink, count
      traces: otlp -> count
      metrics/counts: count -> [batch] -> sink, sink/two
      "
    `);
  });

  it('prints as a Mermaid flowchart', () => {
    expect(graphAsMermaid(graphOf(yaml))).toMatchInlineSnapshot(`
      "flowchart LR
        receiver_otlp(["otlp"])
        receiver_otlp_47_second(["otlp/second"])
        subgraph pipeline_logs["logs"]
          direction LR
          in_logs((" "))
          processor_logs_batch["batch"]
          out_logs((" "))
          in_logs --> processor_logs_batch --> out_logs
        end
        subgraph pipeline_traces["traces"]
          direction LR
          in_traces((" "))
          out_traces((" "))
          in_traces --> out_traces
        end
        subgraph pipeline_metrics_47_counts["metrics/counts"]
          direction LR
          in_metrics_47_counts((" "))
          processor_metrics_47_counts_batch["batch"]
          out_metrics_47_counts((" "))
          in_metrics_47_counts --> processor_metrics_47_counts_batch --> out_metrics_47_counts
        end
        exporter_sink[/"sink"/]
        exporter_sink_47_two[/"sink/two"/]
        connector_count{{"count"}}
        receiver_otlp --> in_logs
        receiver_otlp_47_second --> in_logs
        out_logs --> exporter_sink
        out_logs --> connector_count
        receiver_otlp --> in_traces
        out_traces --> connector_count
        out_metrics_47_counts --> exporter_sink
        out_metrics_47_counts --> exporter_sink_47_two
        connector_count --> in_metrics_47_counts
      "
    `);
  });
});
