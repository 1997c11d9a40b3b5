import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { signals, type Batch } from './batch.ts';
import { checkStructure } from './check.ts';
import { splitByGroup } from './split-by-group.ts';
import { splitByCount } from './split.ts';

const cases = signals.flatMap((signal) => ['ascending', 'collector'].map((order) => [signal, order] as const));

/** The batch of each record by itself. */
function singles(batch: Batch): string[] {
  return splitByCount(batch, 1).map(({ bytes }) => Buffer.from(bytes).toString('hex'));
}

describe.each(cases)('%s, written %s', (signal, order) => {
  const bytes = readFileSync(new URL(`../../test/fixtures/${signal}.${order}.pb`, import.meta.url));
  const batch: Batch = { signal, bytes, count: checkStructure(signal, bytes).count, meta: { receivedAt: 1 } };
  const all = singles(batch);

  it.each([
    ['every other record', (i: number) => i % 2],
    ['runs of seven', (i: number) => Math.floor(i / 7)],
    ['one record apart', (i: number) => (i === 40 ? 9 : 0)],
    ['each record by itself', (i: number) => i],
  ])('is cut into groups, each record with its resource and scope: %s', (_name, groupOf) => {
    const groups = Array.from({ length: batch.count }, (_, i) => groupOf(i));
    const parts = splitByGroup(batch, groups);
    expect([...parts.keys()]).toEqual([...new Set(groups)]);
    for (const [key, part] of parts) {
      expect(checkStructure(signal, part.bytes).count).toBe(part.count);
      expect(singles(part)).toEqual(all.filter((_, i) => groups[i] === key));
    }
  });

  it('is the same object where all records are of one group', () => {
    const parts = splitByGroup(
      batch,
      Array.from({ length: batch.count }, () => 5),
    );
    expect([...parts]).toEqual([[5, batch]]);
  });
});
