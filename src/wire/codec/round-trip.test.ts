import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchOf } from '../../../test/oracle/arbitrary.ts';
import { oracleDecode } from '../../../test/oracle/otlp.ts';
import { addUnknown, reorder } from '../../../test/oracle/reorder.ts';
import { signals, type Signal } from '../batch.ts';
import { decode, encode, encodeBytes } from './index.ts';

const fixture = (signal: Signal, order: string): Uint8Array =>
  readFileSync(new URL(`../../../test/fixtures/${signal}.${order}.pb`, import.meta.url));

/** Bytes as text, which makes differences readable and comparing fast. */
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const seeds = fc.integer();
const runs = { numRuns: 200 };

describe.each(signals)('a request of %s', (signal) => {
  test('comes back byte for byte from what protobufjs wrote, with its count', () => {
    fc.assert(
      fc.property(batchOf(signal), (batch) => {
        const { bytes, count } = encode(decode(batch), batch.meta);
        expect(hex(bytes)).toBe(hex(batch.bytes));
        expect(count).toBe(batch.count);
      }),
      runs,
    );
  });

  test('gives the same records whatever order its fields come in', () => {
    fc.assert(
      fc.property(batchOf(signal), seeds, ({ bytes }, seed) => {
        expect(hex(encodeBytes(decode({ signal, bytes: reorder(signal, bytes, { seed }) })))).toBe(hex(bytes));
        expect(hex(encodeBytes(decode({ signal, bytes: reorder(signal, bytes, 'descending') })))).toBe(hex(bytes));
      }),
      runs,
    );
  });

  test('keeps fields that are not known, in every message', () => {
    fc.assert(
      fc.property(batchOf(signal), seeds, ({ bytes }, seed) => {
        const foreign = addUnknown(signal, bytes, seed);
        expect(hex(encodeBytes(decode({ signal, bytes: foreign })))).toBe(hex(foreign));
      }),
      runs,
    );
  });

  test('keeps fields that are not known wherever they stand', () => {
    fc.assert(
      fc.property(batchOf(signal), seeds, ({ bytes }, seed) => {
        const foreign = reorder(signal, addUnknown(signal, bytes, seed), { seed });
        const again = encodeBytes(decode({ signal, bytes: foreign }));
        expect(again.length).toBe(foreign.length);
        expect(oracleDecode(signal, again)).toEqual(oracleDecode(signal, foreign));
      }),
      runs,
    );
  });

  test('of an SDK and of a Collector means the same to protobufjs afterwards', () => {
    const wanted = oracleDecode(signal, fixture(signal, 'ascending'));
    for (const order of ['ascending', 'collector']) {
      const { bytes, count } = encode(decode({ signal, bytes: fixture(signal, order) }), { receivedAt: 0 });
      expect(oracleDecode(signal, bytes)).toEqual(wanted);
      expect(count).toBe(64);
    }
  });

  test('is not changed by decoding, and shares nothing with what is decoded', () => {
    const bytes = new Uint8Array(fixture(signal, 'ascending'));
    const before = hex(bytes);
    const tree = decode({ signal, bytes });
    const encoded = hex(encodeBytes(tree));
    expect(hex(bytes)).toBe(before);
    bytes.fill(255);
    expect(hex(encodeBytes(tree))).toBe(encoded);
  });
});
