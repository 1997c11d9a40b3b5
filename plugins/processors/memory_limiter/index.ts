import { defineProcessor } from 'sluice/plugin';
import { config } from './config.ts';
import { processMemory } from './memory.ts';
import { limit } from './operator.ts';

export default defineProcessor({
  type: 'memory_limiter',
  summary: 'Asks senders to come back later while memory runs short.',
  stability: 'stable',
  config,
  operator: (deliveries, config, context) => limit(deliveries, config, context, processMemory),
});
