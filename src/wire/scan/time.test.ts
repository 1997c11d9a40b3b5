import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parts, split } from './time.ts';

const billion = 1_000_000_000n;
const largest = 2n ** 64n - 1n;

function partsOf(time: bigint): [bigint, bigint] {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, time, true);
  split(view, 0);
  return [BigInt(parts.seconds), BigInt(parts.nanos)];
}

test('a time comes apart into whole seconds and the nanoseconds behind them', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: largest }), (time) => {
      expect(partsOf(time)).toEqual([time / billion, time % billion]);
    }),
    { numRuns: 5000 },
  );
});

test('also around whole seconds, where a double cannot tell them apart', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: largest / billion }), fc.bigInt({ min: -3000n, max: 3000n }), (s, more) => {
      const time = s * billion + more > largest ? largest : s * billion + more;
      expect(partsOf(time)).toEqual([time / billion, time % billion]);
    }),
    { numRuns: 5000 },
  );
});
