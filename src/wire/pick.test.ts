import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf } from '../../test/oracle/arbitrary.ts';
import { signals, type Batch } from './batch.ts';
import { checkStructure } from './check.ts';
import { decode } from './codec/decode.ts';
import { encode } from './codec/encode.ts';
import { pickRecords } from './pick.ts';
import { splitByCount } from './split.ts';

/** Every record with what stands around it, in one order of fields. */
function alone(batch: Batch): string[] {
  if (batch.count === 0) return [];
  return splitByCount(batch, 1).map((one) => {
    // A split leaves resources, scopes and metrics without records where they stand.
    const pruned = pickRecords({ ...one, count: 2 }, () => true);
    return Buffer.from(encode(decode(pruned), batch.meta).bytes).toString('hex');
  });
}

describe.each(signals)('picking %s', (signal) => {
  it('keeps the wanted records with all that stands around them, in order, and nothing else', () => {
    fc.assert(
      fc.property(batchOf(signal), fc.infiniteStream(fc.boolean()), (batch, wishes) => {
        const wanted = Array.from({ length: batch.count }, () => wishes.next().value as boolean);
        const picked = pickRecords(batch, (index) => wanted[index] === true);
        expect(picked.count).toBe(wanted.filter((wish) => wish).length);
        expect(checkStructure(signal, picked.bytes).count).toBe(picked.count);
        expect(alone(picked)).toEqual(alone(batch).filter((_, index) => wanted[index]));
      }),
      { numRuns: 200 },
    );
  });

  it('is the same object where all are wanted, and empty where none is', () => {
    fc.assert(
      fc.property(batchOf(signal), (batch) => {
        expect(pickRecords(batch, () => true)).toBe(batch);
        fc.pre(batch.count > 0);
        expect(pickRecords(batch, () => false)).toMatchObject({ count: 0, bytes: new Uint8Array() });
      }),
      { numRuns: 50 },
    );
  });
});
