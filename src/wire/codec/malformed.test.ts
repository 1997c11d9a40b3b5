import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchOf } from '../../../test/oracle/arbitrary.ts';
import { mutate } from '../../../test/oracle/mutate.ts';
import { randomOf } from '../../../test/oracle/reorder.ts';
import { MalformedError, signals, type Signal } from '../batch.ts';
import { checkStructure } from '../check.ts';
import { walkStructure } from '../structure.ts';
import { decode, encodeBytes } from './index.ts';

/** What `work` did: its error's message, or nothing. Errors of any other class are faults. */
function refusal(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof MalformedError) return error.message;
    throw error;
  }
}

const bytesOf = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe.each(signals)('damaged %s', (signal) => {
  const corpus = fc
    .sample(batchOf(signal), { numRuns: 60, seed: 7 })
    .filter(({ bytes }) => bytes.length > 20 && bytes.length < 1500);

  // 34,000 for each of the three signals.
  test(
    'give a MalformedError or a tree that encodes and decodes again, and the structural check says which',
    { timeout: 60_000 },
    () => {
      const random = randomOf(signals.indexOf(signal) + 1);
      let refused = 0;
      for (let i = 0; i < 34_000; i++) {
        const bytes = mutate(corpus[i % corpus.length]!.bytes, random);
        const message = refusal(() => {
          const again = encodeBytes(decode({ signal, bytes }));
          if (i % 8 === 0) expect(encodeBytes(decode({ signal, bytes: again }))).toEqual(again);
        });
        const checked = refusal(() => checkStructure(signal, bytes));
        if ((message === undefined) !== (checked === undefined))
          expect.fail(`${message} / ${checked}: ${Buffer.from(bytes).toString('hex')}`);
        refused += Number(message !== undefined);
      }
      expect(refused).toBeGreaterThan(5000);
      expect(refused).toBeLessThan(32_000);
    },
  );

  test('are not read beyond their end, whatever lies there', () => {
    for (const { bytes } of corpus) {
      for (let end = 0; end < bytes.length; end += 1 + (end >> 4)) {
        const alone = refusal(() => decode({ signal, bytes: bytes.slice(0, end) }));
        const within = refusal(() => decode({ signal, bytes: bytes.subarray(0, end) }));
        expect(within).toBe(alone);
      }
    }
  });
});

describe('decode', () => {
  test.each([
    ['a field number of 0', 'logs', '0a 02 00 00', 'field number 0 at byte 2'],
    ['a length beyond the message', 'logs', '0a 04 12 05 0a 00', 'a length of 5 where 2 bytes are left at byte 4'],
    [
      'a length beyond any memory',
      'logs',
      '0a ff ff ff ff ff ff ff 7f',
      'a length of 72057594037927940 where 0 bytes are left at byte 9',
    ],
    ['a tag that is cut short', 'logs', '0a 01 80', 'cut short inside a number at byte 2'],
    ['a number that does not end', 'traces', `${'80'.repeat(11)}00`, 'a number of more than 10 bytes at byte 0'],
    ['a wrong wire type for a known field', 'traces', '08 01', 'wire type 0 for field 1 at byte 0'],
    ['a group', 'metrics', '9b 06 9c 06', 'wire type 3 for field 99 at byte 0'],
    ['eight bytes that are not there', 'logs', '0a 06 12 04 12 02 09 00', 'cut short: 8 bytes wanted at byte 7'],
    [
      'a packed list of 64-bit values that is no multiple of 8',
      'metrics',
      '0a 0d 12 0b 12 09 4a 07 0a 05 32 03 01 02 03',
      '3 bytes of packed 64-bit values at byte 12',
    ],
  ] as const)('refuses %s', (_, signal, hex, message) => {
    const refused = refusal(() => decode({ signal, bytes: bytesOf(hex) }));
    expect(refused).toBe(message);
  });

  test('refuses values nested deeper than 100 messages, and takes those that are not', () => {
    const nest = (levels: number): Uint8Array => {
      let value: Uint8Array = bytesOf('1001');
      for (let i = 0; i < levels; i++) value = field(0x2a, field(0x0a, value)); // AnyValue > ArrayValue
      return field(0x0a, field(0x12, field(0x12, field(0x2a, value))));
    };
    const accepted = nest(47);
    expect(Buffer.from(encodeBytes(decode({ signal: 'logs', bytes: accepted })))).toEqual(accepted);
    expect(refusal(() => decode({ signal: 'logs', bytes: nest(48) }))).toContain('nested deeper than 100 messages');
    expect(refusal(() => decode({ signal: 'logs', bytes: nest(2000) }))).toContain('nested deeper than 100 messages');
  });

  test.each([
    ['arrays', (value: Uint8Array) => field(0x2a, field(0x0a, value))],
    [
      'list of pairs',
      (value: Uint8Array) => field(0x32, field(0x0a, Buffer.concat([bytesOf('0a016b'), field(0x12, value)]))),
    ],
    [
      'list of pairs, value first',
      (value: Uint8Array) => field(0x32, field(0x0a, Buffer.concat([field(0x12, value), bytesOf('0a016b')]))),
    ],
  ])('counts the depth of %s as the structural check does', (_, around) => {
    for (const innermost of ['', '1001', '0a0161', '1803', '3a0161']) {
      let value = bytesOf(innermost);
      for (let depth = 0; depth < 60; depth++) {
        const attribute = field(0x32, Buffer.concat([bytesOf('0a016b'), field(0x12, value)]));
        for (const record of [attribute, field(0x2a, value)]) {
          const bytes = field(0x0a, field(0x12, field(0x12, record)));
          expect(refusal(() => decode({ signal: 'logs', bytes }))).toBe(refusal(() => walkStructure('logs', bytes)));
        }
        value = around(value);
      }
    }
  });

  test.each([
    ['unknown fields of a record', '80ff07 01', 'record'],
    ['unknown fields of a value', '80ff07 01', 'body'],
    ['members of a value', '10 01', 'body'],
    ['values of a record', '2a 04 10 01 18 01', 'record'],
  ])('takes linear time for a request of nothing but %s', (_, unit, where) => {
    const many = bytesOf(unit.replaceAll(' ', '').repeat(250_000));
    const record = where === 'record' ? many : field(0x2a, many);
    const started = performance.now();
    const tree = decode({ signal: 'logs', bytes: field(0x0a, field(0x12, field(0x12, record))) });
    expect(encodeBytes(tree).length).toBeGreaterThan(8);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

function field(tag: number, value: Uint8Array): Uint8Array {
  const head = [tag];
  let length = value.length;
  for (; length > 127; length >>>= 7) head.push((length & 127) | 128);
  return Buffer.concat([Uint8Array.from([...head, length]), value]);
}

test.each<[Signal]>(signals.map((signal) => [signal]))('a request of %s without a byte is an empty tree', (signal) => {
  const tree = decode({ signal, bytes: new Uint8Array() });
  expect(tree.resources).toEqual([]);
  expect(encodeBytes(tree).length).toBe(0);
});
