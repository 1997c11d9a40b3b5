import { describe, expect, it } from 'vitest';
import { defineExporter, defineProcessor, z } from './index.ts';

describe('a definition', () => {
  it('refuses options that its schema does not name, however the schema was made', () => {
    const { config } = defineProcessor({
      type: 'a',
      summary: 'Test.',
      config: z.object({ field: z.string().default('x') }),
      record: (record) => record,
    });
    expect(config.safeParse({ feild: 'y' }).success).toBe(false);
    expect(config.parse({})).toEqual({ field: 'x' });
  });

  it('takes logs where it is a function over records and names no signals', () => {
    const base = { type: 'a', summary: 'Test.', config: z.object({}) };
    expect(defineProcessor({ ...base, record: (record) => record }).signals).toEqual(['logs']);
    expect(defineProcessor({ ...base, edit: () => [] }).signals).toEqual(['logs', 'traces', 'metrics']);
  });

  it('is queued where an exporter does not say otherwise', () => {
    const exporter = defineExporter({
      type: 'a',
      summary: 'Test.',
      signals: ['logs'],
      config: z.object({}),
      start: () => ({ send: () => Promise.resolve() }),
    });
    expect(exporter).toMatchObject({ kind: 'exporter', delivery: 'queued', stability: 'development', aliases: [] });
  });
});
