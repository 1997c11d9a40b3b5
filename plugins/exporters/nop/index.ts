import { defineExporter, z } from 'sluice/plugin';

export default defineExporter({
  type: 'nop',
  summary: 'Takes everything and keeps nothing, for tests and measurements.',
  stability: 'stable',
  config: z.strictObject({}),
  signals: ['logs', 'traces', 'metrics'],
  delivery: 'direct',
  start: () => ({ send: () => Promise.resolve() }),
});
