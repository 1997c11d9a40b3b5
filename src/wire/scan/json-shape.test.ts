import { describe, expect, test } from 'vitest';
import type { Batch } from '../batch.ts';
import { jsonShape, RecordScan, type JsonInside, type JsonMember } from './index.ts';

const scan = new RecordScan();
const fixed = (value: bigint): number[] => [...new Uint8Array(new BigUint64Array([value]).buffer)];
const double = (value: number): number[] => [...new Uint8Array(new Float64Array([value]).buffer)];
const wrap = (tag: number, bytes: readonly number[]): number[] => [tag, bytes.length, ...bytes];
const text = (tag: number, value: string): number[] => wrap(tag, [...Buffer.from(value)]);
const negative = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];

/** What members are written of a log record of these fields. */
function members(shape: readonly (JsonMember | JsonInside)[], ...fields: readonly number[][]): string {
  const bytes = Uint8Array.from([0x0a, 0x12, 0x12].reduceRight((inner, tag) => wrap(tag, inner), fields.flat()));
  const batch: Batch = { signal: 'logs', bytes, count: 1, meta: { receivedAt: 0 } };
  scan.begin(batch);
  expect(scan.next()).toBe(true);
  scan.cut(0);
  scan.jsonMembers(jsonShape(shape), scan.record);
  return scan.bytes().toString();
}

describe('members', () => {
  const names = ['"none"', '"one"', '"two"'];
  const inner = jsonShape(
    [
      { name: 'n', field: 1, as: 'count' },
      { name: 'a', as: 'attributes' },
    ],
    2,
  );
  const attribute = [...text(0x0a, 'k'), ...wrap(0x12, text(0x0a, 'v'))];

  test.each<[string, JsonMember | JsonInside, number[], string]>([
    ['text', { name: 'x', field: 3, as: 'string' }, text(0x1a, 'a"'), ',"x":"a\\""'],
    ['empty text', { name: 'x', field: 3, as: 'string' }, text(0x1a, ''), ''],
    ['bytes as hex', { name: 'x', field: 3, as: 'hex' }, wrap(0x1a, [0, 0xab]), ',"x":"00ab"'],
    ['no bytes', { name: 'x', field: 3, as: 'hex' }, wrap(0x1a, []), ''],
    ['no text, always', { name: 'x', field: 3, as: 'string', always: true }, [], ',"x":""'],
    ['empty text, always', { name: 'x', field: 3, as: 'string', always: true }, text(0x1a, ''), ',"x":""'],
    ['no bytes, always', { name: 'x', field: 3, as: 'hex', always: true }, [], ',"x":""'],
    ['a time', { name: 'x', field: 1, as: 'time' }, [0x09, ...fixed(1n)], ',"x":"1970-01-01T00:00:00.000000001Z"'],
    ['no time', { name: 'x', field: 1, as: 'time' }, [0x09, ...fixed(0n)], ''],
    ['a value', { name: 'x', field: 5, as: 'value' }, wrap(0x2a, [0x18, 7]), ',"x":7'],
    ['no value', { name: 'x', field: 5, as: 'value' }, [], ',"x":null'],
    ['a double', { name: 'x', field: 4, as: 'double' }, [0x21, ...double(1.25)], ',"x":1.25'],
    ['no double', { name: 'x', field: 4, as: 'double' }, [], ''],
    ['no double, always', { name: 'x', field: 4, as: 'double', always: true }, [], ',"x":0'],
    ['a zigzag number', { name: 'x', field: 4, as: 'sint32' }, [0x20, 3], ',"x":-2'],
    ['numbers', { name: 'x', field: 4, as: 'numbers', of: 'uint64' }, [...wrap(0x22, [1, 2]), 0x20, 3], ',"x":[1,2,3]'],
    ['no numbers', { name: 'x', field: 4, as: 'numbers', of: 'double' }, [], ',"x":[]'],
    ['a count', { name: 'x', field: 2, as: 'count' }, [0x10, 9], ',"x":9'],
    ['a count of 0', { name: 'x', field: 2, as: 'count' }, [0x10, 0], ''],
    ['a negative count', { name: 'x', field: 2, as: 'count' }, [0x10, ...negative], ''],
    ['true', { name: 'x', field: 2, as: 'bool' }, [0x10, 1], ',"x":true'],
    ['no bool', { name: 'x', field: 2, as: 'bool' }, [], ',"x":false'],
    ['a name', { name: 'x', field: 2, as: 'names', names }, [0x10, 2], ',"x":"two"'],
    ['a number without a name', { name: 'x', field: 2, as: 'names', names }, [0x10, 3], ',"x":"3"'],
    ['the first name', { name: 'x', field: 2, as: 'names', names }, [0x10, 0], ''],
    ['a negative number', { name: 'x', field: 2, as: 'names', names }, [0x10, ...negative], ''],
    ['a signed number', { name: 'x', field: 2, as: 'names', names, signed: true }, [0x10, ...negative], ',"x":"-1"'],
    ['no name, always', { name: 'x', field: 2, as: 'names', names, always: true }, [], ',"x":"none"'],
    ['an unknown name, always', { name: 'x', field: 2, as: 'names', names, always: true }, [0x10, 5], ',"x":"none"'],
    ['a constant', { name: 'x', as: 'json', json: '[1]' }, [], ',"x":[1]'],
    ['attributes', { name: 'x', as: 'attributes' }, wrap(0x32, attribute), ',"x":{"k":"v"}'],
    [
      'objects',
      { name: 'x', field: 13, as: 'objects', of: inner },
      [...wrap(0x6a, [0x08, 1, ...wrap(0x12, attribute)]), ...wrap(0x6a, [])],
      ',"x":[{"n":1,"a":{"k":"v"}},{"a":{}}]',
    ],
    ['no objects', { name: 'x', field: 13, as: 'objects', of: inner }, [], ''],
    ['no objects, always', { name: 'x', field: 13, as: 'objects', of: inner, always: true }, [], ',"x":[]'],
    ['a fixed number', { name: 'x', field: 8, as: 'fixed32' }, [0x45, 0xff, 0xff, 0xff, 0xff], ',"x":4294967295'],
    ['a message inside', { field: 13, as: 'inside', of: inner }, wrap(0x6a, [0x08, 4]), ',"n":4,"a":{}'],
    ['no message inside', { field: 13, as: 'inside', of: inner }, [], ''],
  ])('of %s', (_what, member, fields, json) => {
    expect(members([member], fields)).toBe(json);
  });

  test('of a time that has passed, also backwards and from no start', () => {
    const elapsed = { name: 'x', field: 11, as: 'elapsed', since: 1 } as const;
    expect(members([elapsed], [0x09, ...fixed(5n), 0x59, ...fixed(12n)])).toBe(',"x":7');
    expect(members([elapsed], [0x09, ...fixed(2n ** 64n - 1n), 0x59, ...fixed(1n)])).toBe(',"x":-18446744073709551614');
    expect(members([elapsed], [0x59, ...fixed(12n)])).toBe(',"x":12');
    expect(members([elapsed], [0x09, ...fixed(5n)])).toBe('');
  });

  test('that stand in for others are written where the others are left out', () => {
    const shape: JsonMember[] = [
      { name: 'x', field: 3, as: 'string' },
      { name: 'x', field: 2, as: 'names', names, instead: true },
      { name: 'y', field: 2, as: 'count' },
    ];
    expect(members(shape, text(0x1a, 'a'), [0x10, 1])).toBe(',"x":"a","y":1');
    expect(members(shape, [0x10, 1])).toBe(',"x":"one","y":1');
  });
});
