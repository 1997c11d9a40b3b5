import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { signals, type Batch, type Signal } from './batch.ts';
import { checkStructure } from './check.ts';
import { concat } from './concat.ts';
import { groupByResourceAttribute } from './group.ts';
import { splitByBytes, splitByCount } from './split.ts';
import { recordsOf, resourcesOf, scopesOf } from './tree.ts';

const meta = { receivedAt: 1 };
const cases = signals.flatMap((signal) => ['ascending', 'collector'].map((order) => [signal, order] as const));

function load(signal: Signal, order: string): Batch {
  const bytes = readFileSync(new URL(`../../test/fixtures/${signal}.${order}.pb`, import.meta.url));
  return { signal, bytes, count: checkStructure(signal, bytes).count, meta };
}

/** The bytes of every leaf, in order: records, and for metrics whole metrics. */
function leaves(batch: Batch): string[] {
  return [...resourcesOf(batch)].flatMap((resource) =>
    [...scopesOf(batch, resource)].flatMap((scope) =>
      [...recordsOf(batch, scope)].map(({ start, end }) =>
        Buffer.from(batch.bytes.subarray(start, end)).toString('hex'),
      ),
    ),
  );
}

describe.each(cases)('%s, written %s', (signal, order) => {
  const batch = load(signal, order);

  it.each([1, 3, 10, 63])('is cut into batches of %i, all full but the last, and nothing is lost', (max) => {
    const parts = splitByCount(batch, max);
    const counts = parts.map((part) => part.count);
    expect(counts.slice(0, -1).every((count) => count === max)).toBe(true);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(64);
    for (const part of parts) expect(checkStructure(signal, part.bytes).count).toBe(part.count);
    if (signal !== 'metrics') expect(parts.flatMap(leaves)).toEqual(leaves(batch));
  });

  it('is the same object when it is small enough', () => {
    expect(splitByCount(batch, 64)).toEqual([batch]);
    expect(splitByBytes(batch, batch.bytes.length)).toEqual([batch]);
  });

  it.each([2000, 5000, 12_000])('is cut into batches of at most %i bytes', (max) => {
    const parts = splitByBytes(batch, max);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) {
      expect(part.bytes.length <= max || part.count === 1).toBe(true);
      expect(checkStructure(signal, part.bytes).count).toBe(part.count);
    }
    expect(parts.reduce((sum, part) => sum + part.count, 0)).toBe(64);
    if (signal !== 'metrics') expect(parts.flatMap(leaves)).toEqual(leaves(batch));
  });

  it('gives a record that is too large a batch of its own, with its resource and scope', () => {
    const parts = splitByBytes(batch, 10);
    expect(parts.every((part) => part.count === 1)).toBe(true);
    expect(parts).toHaveLength(64);
  });

  it('comes back whole when its parts are joined', () => {
    const joined = concat(splitByCount(batch, 10));
    expect(joined.count).toBe(64);
    expect(checkStructure(signal, joined.bytes).count).toBe(64);
  });

  it('is grouped by a resource attribute, every resource in exactly one group', () => {
    const groups = groupByResourceAttribute(batch, 'service.name');
    expect(groups.size).toBeGreaterThan(1);
    expect([...groups.values()].reduce((sum, group) => sum + group.count, 0)).toBe(64);
    for (const [value, group] of groups) {
      expect(value).toMatch(/^service-\d+$/);
      expect([...groupByResourceAttribute(group, 'service.name').keys()]).toEqual([value]);
    }
    expect([...groupByResourceAttribute(batch, 'no.such.key').keys()]).toEqual([undefined]);
  });
});

describe('concat', () => {
  it('keeps of the facts about its parts only what all agree on', () => {
    const [a, b] = [load('logs', 'ascending'), load('logs', 'collector')];
    const joined = concat([
      { ...a, meta: { receivedAt: 5, tenant: 'x', peer: '127.0.0.1:1' } },
      { ...b, meta: { receivedAt: 3, tenant: 'x', peer: '127.0.0.1:2' } },
    ]);
    expect(joined.meta).toEqual({ receivedAt: 3, tenant: 'x' });
  });

  it('refuses to join two signals', () => {
    expect(() => concat<Signal>([load('logs', 'ascending'), load('traces', 'ascending')])).toThrow(TypeError);
  });
});
