import { byteSize, duration, z } from 'sluice/plugin';

const enabled = (what: string) =>
  z
    .strictObject({ enabled: z.boolean().optional().describe('Taken for compatibility.') })
    .optional()
    .describe(`Taken for compatibility; ${what}.`);

const dynamic = 'an index is always found by attributes where none is configured';

/** Options of the Collector's exporter that have nothing to say here. */
export const compatibility = {
  logs_dynamic_index: enabled(dynamic),
  traces_dynamic_index: enabled(dynamic),
  metrics_dynamic_index: enabled(dynamic),
  logs_dynamic_id: enabled('`id: attribute` does this'),
  num_workers: z.number().int().nonnegative().optional().describe('Taken for compatibility; `sending_queue` says.'),
  flush: z
    .strictObject({
      bytes: byteSize().optional().describe('Taken for compatibility.'),
      interval: duration().optional().describe('Taken for compatibility.'),
    })
    .optional()
    .describe('Taken for compatibility; `sending_queue.batch` says when data is sent.'),
  batcher: z
    .looseObject({})
    .optional()
    .describe('Taken for compatibility; `sending_queue.batch` says when data is sent.'),
  discover: z
    .strictObject({
      on_start: z.boolean().optional().describe('Taken for compatibility.'),
      interval: duration().optional().describe('Taken for compatibility.'),
    })
    .optional()
    .describe('Taken for compatibility; only the configured endpoints are used.'),
  include_source_on_error: z.boolean().optional().describe('Taken for compatibility.'),
  telemetry: z.looseObject({}).optional().describe('Taken for compatibility; bodies are never logged.'),
};
