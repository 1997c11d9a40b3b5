import { describe, expect, test } from 'vitest';
import { oracleEncode } from '../../../test/oracle/otlp.ts';
import { MalformedError } from '../batch.ts';
import { wireToJson } from './index.ts';

function field(number: number, content: Uint8Array | readonly number[]): Buffer {
  return Buffer.from([number * 8 + 2, content.length, ...content]);
}

function text(signal: 'logs' | 'traces' | 'metrics', bytes: Uint8Array): string {
  return Buffer.from(wireToJson(signal, bytes)).toString();
}

/** The JSON of a log record with the given fields. */
function record(...fields: Uint8Array[]): string {
  const whole = text('logs', field(1, field(2, field(2, Buffer.concat(fields)))));
  return whole.slice('{"resourceLogs":[{"scopeLogs":[{"logRecords":['.length, -']}]}]}'.length);
}

function body(...fields: Uint8Array[]): string {
  return record(field(5, Buffer.concat(fields))).slice('{"body":'.length, -1);
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(9, 0x21);
  bytes.writeDoubleLE(value, 1);
  return bytes;
}

describe('values', () => {
  test.each([0, -0, 1, -1.5, 0.1, 1e21, 1e-7, 123456789.125, 5e-324, Number.MAX_VALUE])(
    'the double %d is as short as it can be',
    (value) => {
      expect(body(double(value))).toBe(`{"doubleValue":${Object.is(value, -0) ? '-0' : value}}`);
    },
  );

  test.each([NaN, Infinity, -Infinity])('the double %d is a string', (value) => {
    expect(body(double(value))).toBe(`{"doubleValue":"${value}"}`);
  });

  test('text is escaped where JSON asks for it', () => {
    const odd = '"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028é🦫';
    expect(body(field(1, Buffer.from(odd)))).toBe(`{"stringValue":${JSON.stringify(odd)}}`);
  });

  test('text that grows sixfold by escapes has room', () => {
    const odd = '\u0001'.repeat(300_000);
    const bytes = oracleEncode('logs', { resourceLogs: [{ schemaUrl: odd }] });
    expect(text('logs', bytes)).toBe(JSON.stringify({ resourceLogs: [{ schemaUrl: odd }] }));
  });

  test('text that is not UTF-8 becomes what a TextDecoder makes of it', () => {
    for (const odd of [
      [0xff],
      [0xc3],
      [0xe4, 0xb8],
      [0x61, 0xf0, 0x9f, 0xa6],
      [0xed, 0xa0, 0x80],
      [0xc0, 0x80, 0x62],
      [0xf4, 0x90, 0x80, 0x80],
    ]) {
      expect(body(field(1, odd))).toBe(JSON.stringify({ stringValue: new TextDecoder().decode(Uint8Array.from(odd)) }));
    }
  });

  test('bytes are base64 with padding', () => {
    for (let length = 0; length < 20; length++) {
      const bytes = Buffer.from(Array.from({ length }, (_, i) => 255 - i * 37));
      expect(body(field(7, bytes))).toBe(`{"bytesValue":"${bytes.toString('base64')}"}`);
    }
  });

  test('empty ids, empty packed lists and zeros without presence are left out, others stay', () => {
    expect(record(field(9, []), field(10, []), Buffer.from([0x10, 0, 0x45, 0, 0, 0, 0]))).toBe('{}');
    expect(body(field(1, []))).toBe('{"stringValue":""}');
    expect(body(Buffer.from([0x10, 0]))).toBe('{"boolValue":false}');
    expect(record(field(5, []))).toBe('{"body":{}}');
    const point = field(9, field(1, Buffer.concat([field(6, []), field(7, [])])));
    expect(text('metrics', field(1, field(2, field(2, point))))).toContain('"dataPoints":[{}]');
  });
});

describe('fields', () => {
  test('of a oneof: the last one on the wire is the one', () => {
    expect(body(field(1, [0x61]), Buffer.from([0x18, 5]))).toBe('{"intValue":"5"}');
    expect(body(Buffer.from([0x18, 5]), field(1, [0x61]))).toBe('{"stringValue":"a"}');
    const one = field(1, [0x31, 1, 0, 0, 0, 0, 0, 0, 0]);
    const metric = Buffer.concat([field(5, one), field(7, []), field(5, [])]);
    expect(text('metrics', field(1, field(2, field(2, metric))))).toContain('{"gauge":{}}');
  });

  test('that are one message in pieces become one object', () => {
    const pieces = [
      field(5, field(1, [0x61])),
      Buffer.from([0x10, 9]),
      field(5, field(5, field(1, []))),
      field(5, field(5, field(1, field(1, [0x62])))),
    ];
    expect(record(...pieces)).toBe('{"severityNumber":9,"body":{"arrayValue":{"values":[{},{"stringValue":"b"}]}}}');
  });

  test('of numbers may be packed, single, and both', () => {
    const bounds = (values: number[]) => Buffer.concat(values.map((value) => double(value).subarray(1)));
    const single = Buffer.concat([Buffer.from([0x39]), bounds([2])]);
    const point = Buffer.concat([field(7, bounds([0, 1])), field(9, field(1, [0x61])), single, field(7, bounds([3]))]);
    expect(text('metrics', field(1, field(2, field(2, field(9, field(1, point))))))).toContain(
      '{"explicitBounds":[0,1,2,3],"attributes":[{"key":"a"}]}',
    );
  });

  test('that OTLP does not have are left out', () => {
    const unknown = Buffer.concat([
      field(15, [1, 2]),
      Buffer.from([0xa0, 0x06, 0x80, 0x01, 0xa5, 0x06, 1, 2, 3, 4, 0xa1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8]),
    ]);
    expect(record(unknown, field(3, [0x78]), unknown)).toBe('{"severityText":"x"}');
  });

  test('of attributes in any form and order give the same members', () => {
    const key = field(1, [0x6b]);
    const value = field(2, field(1, [0x76]));
    const plain = '{"attributes":[{"key":"k","value":{"stringValue":"v"}}]}';
    expect(record(field(6, Buffer.concat([key, value])))).toBe(plain);
    expect(record(field(6, Buffer.concat([value, key])))).toBe(plain);
    expect(record(field(6, Buffer.concat([key, value, key])))).toBe(plain);
    expect(record(field(6, Buffer.concat([value, field(9, []), key])))).toBe(plain);
    expect(record(field(6, key))).toBe('{"attributes":[{"key":"k"}]}');
    expect(record(field(6, value))).toBe('{"attributes":[{"value":{"stringValue":"v"}}]}');
    expect(record(field(6, Buffer.concat([key, field(2, [])])))).toBe('{"attributes":[{"key":"k","value":{}}]}');
    expect(record(field(6, Buffer.concat([key, field(2, [0x18, 0xff, 1])])))).toBe(
      '{"attributes":[{"key":"k","value":{"intValue":"255"}}]}',
    );
  });
});

describe('bytes that would not pass the structural check', () => {
  test.each([
    ['a length too long', [0x0a, 5, 1]],
    ['a length of 2^35', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['a group', [0x0b, 0x0c]],
    ['a wrong wire type', [0x08, 1]],
    ['field number 0', [0x02, 0]],
    ['an endless number', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1]],
    ['a tag cut short', [0x80]],
  ])('are refused: %s', (_, bytes) => {
    expect(() => wireToJson('logs', Uint8Array.from(bytes))).toThrow(MalformedError);
  });

  test('are refused: messages nested too deep', () => {
    let value: Uint8Array = Buffer.alloc(0);
    const long = (number: number, content: Uint8Array) =>
      Buffer.concat([Buffer.from([number * 8 + 2, 0x80 | (content.length & 127), content.length >> 7]), content]);
    for (let i = 0; i < 60; i++) value = long(5, long(1, value));
    expect(() => wireToJson('logs', long(1, long(2, long(2, long(5, value)))))).toThrow(
      'nested deeper than 100 messages',
    );
  });
});
