import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Levels } from './levels.ts';

/** As a reader of Parquet has it: one run, or groups of eight packed from the lowest bit. */
function read(bytes: Uint8Array, width: number, count: number): number[] {
  let [header, at] = [0, 0];
  for (let shift = 0, byte = 128; byte > 127; shift += 7) {
    byte = bytes[at++]!;
    header |= (byte & 127) << shift;
  }
  if ((header & 1) === 0) return Array.from({ length: header >> 1 }, () => bytes[at]!);
  expect(bytes.length - at).toBe((header >> 1) * width);
  return Array.from(
    { length: count },
    (_, i) => (bytes[at + ((i * width) >> 3)]! >> ((i * width) & 7)) & (2 ** width - 1),
  );
}

test('levels come back, one by one or many at once, page after page', () => {
  const width = fc.constantFrom<1 | 2>(1, 2);
  const run = fc.tuple(fc.nat(2), fc.oneof(fc.constant(1), fc.nat(40), fc.nat(2000)));
  fc.assert(
    fc.property(width, fc.array(fc.array(run, { minLength: 1, maxLength: 12 }), { maxLength: 3 }), (bits, pages) => {
      const levels = new Levels(bits);
      for (const page of pages) {
        const expected: number[] = [];
        for (const [any, times] of page) {
          const level = Math.min(any, bits);
          if (times === 1) levels.push(level);
          else levels.pushMany(level, times);
          for (let i = 0; i < times; i++) expected.push(level);
        }
        expect(levels.count).toBe(expected.length);
        if (expected.length > 0) expect(read(levels.take(), bits, expected.length)).toEqual(expected);
      }
    }),
    { numRuns: 300 },
  );
});
