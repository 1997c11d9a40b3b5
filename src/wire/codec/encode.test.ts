import { describe, expect, test } from 'vitest';
import { oracleDecode } from '../../../test/oracle/otlp.ts';
import {
  Attributes,
  decode,
  Decoded,
  encode,
  encodeBytes,
  LogRecord,
  RawValue,
  ResourceGroup,
  ScopeGroup,
  type AnyValue,
} from './index.ts';

function request(record: LogRecord): Decoded<'logs'> {
  const scope = new ScopeGroup<'logs'>();
  scope.records = [record];
  const group = new ResourceGroup<'logs'>();
  group.scopes = [scope];
  const tree = new Decoded('logs');
  tree.resources = [group];
  return tree;
}

const there = (record: LogRecord): LogRecord =>
  decode({ signal: 'logs', bytes: encodeBytes(request(record)) }).resources[0]!.scopes[0]!.records[0]!;

const back = (value: AnyValue): AnyValue | undefined => there(LogRecord.from({ body: value })).body;

describe('a value', () => {
  test.each<[string, AnyValue]>([
    ['an empty text', ''],
    [
      'a text of 24 and more characters',
      'a text of more than twenty-four characters, even more than a hundred and twenty-seven: '.repeat(2),
    ],
    ['a text that is not ASCII', 'schön 🌊 ключ'],
    ['an int at its upper limit', 2n ** 63n - 1n],
    ['an int at its lower limit', -(2n ** 63n)],
    ['an int beyond 2^53', 2n ** 53n + 1n],
    ['the int 0', 0n],
    ['the double 5', 5],
    ['minus zero', -0],
    ['not a number', NaN],
    ['false', false],
    ['bytes', Uint8Array.of(0, 255)],
    ['nothing', null],
    ['an empty array', []],
    ['an array of everything', [1n, 1, 'x', null, [true], Attributes.from({ __proto: null })]],
    [
      'pairs',
      Attributes.from([
        ['__proto__', 1n],
        ['a', 'x'],
        ['a', undefined],
      ]),
    ],
  ])('that is %s comes back with its type', (_, value) => {
    expect(back(value)).toEqual(value);
  });

  test('with several members shows the last and is written back as it was', () => {
    const bytes = Uint8Array.from(Buffer.from('0a0161180a', 'hex'));
    const value = back(new RawValue(bytes, 10n));
    expect(value).toEqual(new RawValue(bytes, 10n));
  });

  test('with lone surrogates gets U+FFFD for them', () => {
    expect(back('a\ud800b')).toBe('a\ufffdb');
  });
});

describe('encode', () => {
  test('writes what protobufjs reads', () => {
    const record = LogRecord.from({ traceId: '0AF0', severityNumber: 9, timeUnixNano: 2n ** 64n - 1n });
    record.attributes.set('__proto__', 'kept');
    const request_ = oracleDecode('logs', encode(request(record), { receivedAt: 0 }).bytes);
    expect(JSON.parse(JSON.stringify(request_))).toMatchObject({
      resourceLogs: [
        {
          scopeLogs: [
            { logRecords: [{ severityNumber: 9, attributes: [{ key: '__proto__', value: { stringValue: 'kept' } }] }] },
          ],
        },
      ],
    });
  });

  test('hands over bytes of their own, of exact size', () => {
    const first = encodeBytes(request(LogRecord.from({ body: 'one' })));
    const copy = Buffer.from(first);
    encodeBytes(request(LogRecord.from({ body: 'another, which is longer' })));
    expect(copy.equals(first)).toBe(true);
    expect(first.buffer.byteLength).toBe(first.length);
  });

  test('writes a request that is larger than its buffer', () => {
    const long = 'ü'.repeat(3_000_000);
    expect(back(long)).toBe(long);
    const [text, bytes] = back(['x'.repeat(100_000), new Uint8Array(10_000_000)]) as [string, Uint8Array];
    expect(text).toBe('x'.repeat(100_000));
    expect(Buffer.alloc(10_000_000).equals(bytes)).toBe(true);
  });

  const circular: AnyValue[] = [];
  circular.push(circular);
  test.each<[string, unknown, string]>([
    ['an object', { a: 1 }, 'attribute "key": an object of class Object is no OTLP value'],
    ['a function', () => 1, 'attribute "key": a value of type function is no OTLP value'],
    ['an int beyond 64 bits', 2n ** 64n, 'attribute "key": 18446744073709551616 does not fit into 64 bits'],
    ['an array that contains itself', circular, 'attribute "key": a value nested deeper than 100 messages'],
    [
      'an inner attribute that is none',
      Attributes.from({ inner: new Date() as never }),
      'attribute "inner": an object of class Date',
    ],
  ])('refuses %s and names the attribute', (_, value, message) => {
    const record = new LogRecord();
    record.attributes.set('key', value as AnyValue);
    expect(() => encodeBytes(request(record))).toThrow(message);
    expect(back('the next request is not affected')).toBe('the next request is not affected');
  });

  test.each(['abc', 'zz', '0g', 'éé'])('refuses the id %s', (traceId) => {
    expect(() => encodeBytes(request(LogRecord.from({ traceId })))).toThrow(
      `an id must be hex of whole bytes, not "${traceId}"`,
    );
  });

  test.each(['', '00', 'ff'.repeat(16), '0123456789abcdef'])('keeps the id "%s"', (traceId) => {
    expect(there(LogRecord.from({ traceId })).traceId).toBe(traceId);
  });
});
