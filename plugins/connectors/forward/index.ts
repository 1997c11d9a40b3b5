import { defineConnector, z } from 'sluice/plugin';

export default defineConnector({
  type: 'forward',
  summary: 'Joins pipelines of one signal: what leaves some of them enters the others, unchanged.',
  stability: 'stable',
  config: z.strictObject({}),
  pairs: { logs: ['logs'], traces: ['traces'], metrics: ['metrics'] },
  connect: (deliveries) => deliveries,
});
