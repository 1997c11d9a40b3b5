import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { SequenceSet } from './sequence-set.ts';

const range = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 12 }));

it('has the same members and holes as a plain set, in ranges that are sorted and apart', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5 }),
      fc.array(range, { maxLength: 30 }),
      range,
      (low, added, [from, length]) => {
        const set = new SequenceSet(low);
        const plain = new Set<number>();
        for (const [first, count] of added) {
          set.add(first, first + count);
          for (let n = first; n < first + count; n++) plain.add(n);
        }
        const has = (n: number): boolean => n < low || plain.has(n);
        for (let n = 0; n < 80; n++) expect(set.has(n)).toBe(has(n));
        const holes = set.missing(from, from + length).flatMap(({ first, limit }) => numbers(first, limit));
        expect(holes).toEqual(numbers(from, from + length).filter((n) => !has(n)));
        let end = set.low;
        for (const { first, limit } of set.ranges) {
          expect(first).toBeGreaterThan(end);
          expect(limit).toBeGreaterThan(first);
          end = limit;
        }
      },
    ),
  );
});

function numbers(first: number, limit: number): number[] {
  return Array.from({ length: Math.max(0, limit - first) }, (_, index) => first + index);
}
