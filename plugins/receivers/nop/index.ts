import { defineReceiver, z } from 'sluice/plugin';

export default defineReceiver({
  type: 'nop',
  summary: 'Receives nothing, for a pipeline that has to have a receiver.',
  stability: 'stable',
  config: z.strictObject({}),
  signals: ['logs', 'traces', 'metrics'],
  sharing: 'port',
  start() {},
});
