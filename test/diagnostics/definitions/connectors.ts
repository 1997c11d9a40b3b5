import { defineConnector, z } from '../../../src/plugin/index.ts';

const forward = defineConnector({
  type: 'forward',
  summary: 'Joins pipelines of a signal.',
  pairs: { logs: ['logs'], traces: ['traces'], metrics: ['metrics'] },
  config: z.strictObject({}),
  connect: (deliveries) => deliveries,
});

const spanMetrics = defineConnector({
  type: 'span_metrics',
  aliases: ['spanmetrics'],
  summary: 'Makes metrics from spans.',
  pairs: { traces: ['metrics'] },
  config: z.strictObject({ namespace: z.string().default('traces.span.metrics').describe('Start of the names.') }),
  connect: (deliveries) => deliveries,
});

const routing = defineConnector({
  type: 'routing',
  summary: 'Chooses pipelines.',
  pairs: { logs: ['logs'], traces: ['traces'], metrics: ['metrics'] },
  config: z.strictObject({
    default_pipelines: z
      .array(z.string().meta({ refers: 'pipeline' }))
      .default([])
      .describe('Pipelines for what no rule takes.'),
  }),
  connect: (deliveries) => deliveries,
});

const nop = defineConnector({
  type: 'nop',
  summary: 'Joins nothing.',
  pairs: {},
  config: z.strictObject({}),
  connect: (deliveries) => deliveries,
});

export const connectors = [nop, forward, spanMetrics, routing];
