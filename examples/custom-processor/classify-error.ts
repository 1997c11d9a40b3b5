import { defineProcessor, z } from 'sluice/plugin';

const classes = { timeout: /time[ -]?out|timed out/i, network: /ECONN|socket|network/i, memory: /out of memory/i };

export default defineProcessor({
  type: 'classify_error',
  summary: 'Names the kind of failure that a log record tells of.',
  config: z.strictObject({ field: z.string().default('error.class').describe('Attribute to set.') }),
  record(record, { field }) {
    const { body, severityNumber } = record;
    if (severityNumber < 17 || typeof body !== 'string') return record;
    const [kind = 'unknown'] = Object.entries(classes).find(([, words]) => words.test(body)) ?? [];
    record.attributes.set(field, kind);
    return record;
  },
});
