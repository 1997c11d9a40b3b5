import { describe, expect, test } from 'vitest';
import { MalformedError } from '../batch.ts';
import { batchFromJson, jsonToWire } from './index.ts';
import { decodedModel } from '../../../test/oracle/json-model.ts';

/** The first thing in a decoded request under these names. */
function dig(decoded: unknown, ...names: string[]): unknown {
  let here = decoded;
  for (const name of names) {
    const found = (here as Record<string, unknown>)[name];
    here = Array.isArray(found) ? found[0] : found;
  }
  return here;
}

/** What becomes of the members of a log record. */
function record(members: string): unknown {
  const { bytes } = jsonToWire('logs', Buffer.from(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{${members}}]}]}]}`));
  return dig(decodedModel('logs', bytes), 'resourceLogs', 'scopeLogs', 'logRecords');
}

function body(value: string): unknown {
  return dig(record(`"body":${value}`), 'body');
}

/** What becomes of the members of a histogram's data point. */
function point(members: string): unknown {
  const text = `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"histogram":{"dataPoints":[{${members}}]}}]}]}]}`;
  const { bytes } = jsonToWire('metrics', Buffer.from(text));
  return dig(decodedModel('metrics', bytes), 'resourceMetrics', 'scopeMetrics', 'metrics', 'histogram', 'dataPoints');
}

describe('integers', () => {
  test.each([
    ['1700000000000000001', '1700000000000000001'],
    ['"1700000000000000001"', '1700000000000000001'],
    ['18446744073709551615', '18446744073709551615'],
    ['1e3', '1000'],
    ['"1.5e1"', '15'],
    ['1.700000000000000001E+18', '1700000000000000001'],
    ['2.0', '2'],
    ['1000000000', '1000000000'],
    ['999999999999999999', '999999999999999999'],
    ['"007"', '7'],
  ])('a time of %s is exactly %s', (text, value) => {
    expect(record(`"timeUnixNano":${text}`)).toStrictEqual({ timeUnixNano: value });
  });

  test.each([
    '9223372036854775807',
    '-9223372036854775808',
    '-1',
    '0',
    '4294967296',
    '-4294967296',
    '-1000000000000000000',
  ])('the int %s is exact as a number and as a string', (value) => {
    expect(body(`{"intValue":${value}}`)).toStrictEqual({ intValue: value });
    expect(body(`{"intValue":"${value}"}`)).toStrictEqual({ intValue: value });
  });

  test.each([
    ['"timeUnixNano":18446744073709551616', 'an integer out of range'],
    ['"timeUnixNano":-1', 'an integer out of range'],
    ['"timeUnixNano":1.5', 'expected an integer of at most 64 bits'],
    ['"timeUnixNano":1e99', 'expected an integer of at most 64 bits'],
    ['"timeUnixNano":""', 'expected an integer of at most 64 bits'],
    ['"timeUnixNano":012', "expected ',' or '}', found '1'"],
    ['"timeUnixNano":1.', 'expected a digit'],
    ['"timeUnixNano":true', "expected an integer, found 't'"],
    ['"flags":4294967296', 'an integer out of range'],
    ['"severityNumber":2147483648', 'an integer out of range'],
    ['"body":{"intValue":"9223372036854775808"}', 'an integer out of range'],
    ['"body":{"intValue":-9223372036854775809}', 'an integer out of range'],
  ])('%s is refused: %s', (members, message) => {
    expect(() => record(members)).toThrow(message);
  });
});

describe('doubles', () => {
  test.each([
    '0.1',
    '1e23',
    '-1.7976931348623157e308',
    '5e-324',
    '123456789012345678',
    '0.30000000000000004',
    '9007199254740993',
    '-0',
  ])('%s is read as JavaScript reads it', (text) => {
    expect(body(`{"doubleValue":${text}}`)).toStrictEqual({ doubleValue: Number(text) });
    expect(body(`{"doubleValue":"${text}"}`)).toStrictEqual({ doubleValue: Number(text) });
  });

  test.each(['NaN', 'Infinity', '-Infinity'])('"%s" is a double', (text) => {
    expect(body(`{"doubleValue":"${text}"}`)).toStrictEqual({ doubleValue: text });
  });

  test.each(['NaN', '1e999', '"1 "', '"0x10"', '.5', '1.e5', '-', '"-"', '+1'])('%s is refused', (text) => {
    expect(() => body(`{"doubleValue":${text}}`)).toThrow(MalformedError);
  });

  test('packed numbers may be numbers and strings', () => {
    expect(point('"bucketCounts":[1,"2",3e0],"explicitBounds":[0,"-Infinity",2.5]')).toStrictEqual({
      bucketCounts: ['1', '2', '3'],
      explicitBounds: [0, '-Infinity', 2.5],
    });
  });
});

describe('text', () => {
  test.each([
    [String.raw`"\ud83e\uddab"`, '🦫'],
    [String.raw`"a\ud83ez"`, 'a\ufffdz'],
    [String.raw`"\uddab\ud83e"`, '\ufffd\ufffd'],
    [String.raw`"\ud83e\u0041"`, '\ufffdA'],
    [String.raw`"\ud83e\ud83e\uddab"`, '\ufffd🦫'],
    [String.raw`"\"\\\/\b\f\n\r\t\u0000"`, '"\\/\b\f\n\r\t\0'],
    ['"é 中 🦫"', 'é 中 🦫'],
  ])('%s is resolved', (text, value) => {
    expect(body(`{"stringValue":${text}}`)).toStrictEqual({ stringValue: value });
  });

  test('ill-formed UTF-8 becomes what a TextDecoder makes of it, and the rest of the record is intact', () => {
    const decoder = new TextDecoder();
    for (let run = 0; run < 2000; run++) {
      const odd = Uint8Array.from({ length: 6 }, (_, i) => (run * 7919 * (i + 1) + ((run * i) >> 3)) & 255).map(
        (byte) => (byte < 0x80 ? byte | 0xc0 : byte),
      );
      const json = Buffer.concat([
        Buffer.from('{"resourceLogs":[{"schemaUrl":"a'),
        odd,
        Buffer.from('b","scopeLogs":[{}]}]}'),
      ]);
      const expected = { resourceLogs: [{ schemaUrl: `a${decoder.decode(odd)}b`, scopeLogs: [{}] }] };
      expect(decodedModel('logs', jsonToWire('logs', json).bytes)).toStrictEqual(expected);
    }
  });

  test('text of ill-formed bytes alone, three times as long when repaired, has room', () => {
    const json = Buffer.concat([
      Buffer.from('{"resourceLogs":[{"schemaUrl":"'),
      Buffer.alloc(200_000, 0xff),
      Buffer.from('"}]}'),
    ]);
    const expected = { resourceLogs: [{ schemaUrl: '\ufffd'.repeat(200_000) }] };
    expect(decodedModel('logs', jsonToWire('logs', json).bytes)).toStrictEqual(expected);
  });

  test('keys that objects have by nature are keys like others', () => {
    const attributes = ['__proto__', 'constructor', 'toString', ''].map((key) => ({
      key,
      value: { stringValue: 'x' },
    }));
    const decoded = record(`"attributes":${JSON.stringify(attributes)}`) as { attributes: { key?: string }[] };
    expect(decoded.attributes.map(({ key }) => key)).toStrictEqual(['__proto__', 'constructor', 'toString', undefined]);
    expect('x' in {}).toBe(false);
  });

  test('attributes of every length of key and value keep their bytes', () => {
    for (const length of [0, 1, 3, 4, 100, 123, 124, 125, 126, 127, 128, 129, 16383, 16384, 100_000]) {
      const attributes = [
        { key: 'k', value: { stringValue: 'v'.repeat(length) } },
        { key: 'k'.repeat(length + 1), value: { intValue: '1' } },
      ];
      expect(record(`"attributes":${JSON.stringify(attributes)}`)).toStrictEqual({ attributes });
    }
  });
});

describe('bytes', () => {
  test.each([
    ['"AAEC/w=="', 'AAEC/w=='],
    ['"AAEC_w"', 'AAEC/w=='],
    [String.raw`"AAEC\/w=="`, 'AAEC/w=='],
    ['"AAE="', 'AAE='],
    ['""', ''],
  ])('base64 of %s is read', (text, value) => {
    expect(body(`{"bytesValue":${text}}`)).toStrictEqual({ bytesValue: value });
  });

  test.each(['"A"', '"AA=A"', '"A A"', '"AAEC/w==="', String.raw`"AA\u0022AA"`, '5'])(
    'base64 of %s is refused',
    (text) => {
      expect(() => body(`{"bytesValue":${text}}`)).toThrow(/base64/);
    },
  );

  test.each([
    ['"5B8EFFF798038103D269B633813FC60C"', '5b8efff798038103d269b633813fc60c'],
    ['"5b8eff"', '5b8eff'],
    [String.raw`"\u0035b8eff"`, '5b8eff'],
  ])('an id of %s is read, whatever its length', (text, value) => {
    expect(record(`"traceId":${text}`)).toStrictEqual({ traceId: value });
  });

  test('an empty id is absent', () => {
    expect(record('"traceId":"","spanId":""')).toStrictEqual({});
  });

  test.each(['"5b8"', '"zz"', '"5b-8"', '123'])('an id of %s is refused', (text) => {
    expect(() => record(`"traceId":${text}`)).toThrow(/expected (a string of )?pairs of hex digits/);
  });
});

describe('members', () => {
  test('may be spelled as in the .proto files', () => {
    const text =
      '{"resource_logs":[{"scope_logs":[{"log_records":[{"severity_text":"x","dropped_attributes_count":3}]}]}]}';
    expect(decodedModel('logs', jsonToWire('logs', Buffer.from(text)).bytes)).toStrictEqual({
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ severityText: 'x', droppedAttributesCount: 3 }] }] }],
    });
  });

  test('may be spelled with escapes', () => {
    expect(record(String.raw`"severity\u0054ext":"x"`)).toStrictEqual({ severityText: 'x' });
  });

  test('that OTLP does not have are passed over, whatever their value', () => {
    const odd = String.raw`"a":[1,-2.5e-3,[],{}, true,false,null,"\ud800\"]}"],"bodyx":{"":{"b":{}}},"bod":1,"timeUnixNan\"o":2,"":0`;
    expect(record(`${odd},"severityText":"x",${odd}`)).toStrictEqual({ severityText: 'x' });
  });

  test('that are null are absent', () => {
    expect(record('"body":null,"attributes":null,"timeUnixNano":null,"severityText":null')).toStrictEqual({});
  });

  test('that come twice: the last scalar wins, a zero too; lists add up; messages merge', () => {
    expect(record('"severityText":"a","severityText":"b"')).toStrictEqual({ severityText: 'b' });
    expect(record('"severityText":"a","severityText":"","flags":1,"flags":0')).toStrictEqual({});
    expect(body('{"stringValue":"a","intValue":"1"}')).toStrictEqual({ intValue: '1' });
    expect(point('"bucketCounts":[1],"bucketCounts":[2]')).toStrictEqual({ bucketCounts: ['1', '2'] });
  });

  test.each([
    ['9', 9],
    ['"SEVERITY_NUMBER_INFO"', 9],
    ['"SEVERITY_NUMBER_FATAL4"', 24],
    ['77', 77],
    ['-1', -1],
  ])('the enum value %s is %i', (text, value) => {
    expect(record(`"severityNumber":${text}`)).toStrictEqual({ severityNumber: value });
  });

  test('an enum name that OTLP does not have is refused', () => {
    expect(() => record('"severityNumber":"INFO"')).toThrow('an enum name that OTLP does not have');
  });
});

describe('requests', () => {
  test.each(['{}', ' { } ', '{"resourceSpans":[]}', '{"resourceSpans": [ ] }', '{"resourceSpans":null}'])(
    '%s is empty',
    (text) => {
      expect(jsonToWire('traces', Buffer.from(text))).toStrictEqual({ bytes: new Uint8Array(0), count: 0 });
    },
  );

  test('count data points of every kind, and null elements', () => {
    const kinds = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'].map(
      (kind) => `{"${kind}":{"dataPoints":[{},null]}}`,
    );
    const text = `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[${kinds.join()}]}]}]}`;
    expect(jsonToWire('metrics', Buffer.from(text)).count).toBe(10);
  });

  test('become batches with their meta', () => {
    const meta = { receivedAt: 5 };
    const batch = batchFromJson('logs', Buffer.from('{"resourceLogs":[{}]}'), meta);
    expect(batch).toStrictEqual({ signal: 'logs', bytes: Uint8Array.of(10, 0), count: 0, meta });
  });

  test.each([
    ['', 'expected an object, found the end of the input at byte 0'],
    ['null', "expected an object, found 'n' at byte 0"],
    ['[]', "expected an object, found '[' at byte 0"],
    ['{"resourceLogs":[]} x', "expected nothing after the request, found 'x' at byte 20"],
    ['{"resourceLogs":{}}', "expected an array, found '{' at byte 16"],
    ['{"resourceLogs":[1]}', "expected an object, found '1' at byte 17"],
    ['{"resourceLogs":[{}', "expected ',' or ']', found the end of the input at byte 19"],
    ['{"resourceLogs":[{},]}', "expected an object, found ']' at byte 20"],
    ['{"resourceLogs":[],}', "expected a string, found '}' at byte 19"],
    ['{"resourceLogs" []}', "expected ':', found '[' at byte 16"],
    ['{resourceLogs:[]}', "expected a string, found 'r' at byte 1"],
    ['{"resourceLogs":nul}', "expected null, found '}' at byte 19"],
    ['{"x":tru}', "expected true, found '}' at byte 8"],
    ['{"x":"a\nb"}', 'expected a string without control characters, found 0x0a at byte 7'],
    [String.raw`{"x":"a\x"}`, "expected an escape of JSON, found 'x' at byte 8"],
    [String.raw`{"x":"a\u12g4"}`, "expected a hex digit, found 'g' at byte 11"],
    ['{"x":"a', 'expected the closing quote of a string, found the end of the input at byte 7'],
    [
      '{"resourceLogs":[{"schemaUrl":"a\u0000"}]}',
      'expected a string without control characters, found 0x00 at byte 32',
    ],
    ['{"x":01}', "expected ',' or '}', found '1' at byte 6"],
    ['\ufeff{}', 'expected an object, found 0xef at byte 0'],
  ])('%s is refused: %s', (text, message) => {
    expect(() => jsonToWire('logs', Buffer.from(text))).toThrow(
      new MalformedError(message.replace(/ at byte \d+$/, ''), Number(/\d+$/.exec(message)![0])),
    );
  });

  test('nested as deep as the structural check allows are taken, one level more is refused', () => {
    const nested = (levels: number) => `${'{"arrayValue":{"values":['.repeat(levels)}{}${']}}'.repeat(levels)}`;
    // Request, resource, scope, record, body: two levels each from there.
    expect(() => body(nested(47))).not.toThrow();
    expect(() => body(nested(48))).toThrow('nested deeper than 100 levels');
    expect(() => body(nested(10_000))).toThrow('nested deeper than 100 levels');
    expect(() => record(`"x":${'['.repeat(10_000)}`)).toThrow('nested deeper than 100 levels');
    expect(() => jsonToWire('logs', Buffer.from('{"resourceLogs":[{"scopeLogs":[]}]}'), { maxDepth: 1 })).toThrow(
      'nested deeper than 1 levels',
    );
  });

  test('larger than the buffers that are kept come out whole', () => {
    const attributes = Array.from({ length: 10_000 }, (_, i) => ({
      key: `key-${i}`,
      value: { stringValue: 'x'.repeat(i % 900) },
    }));
    expect(record(`"attributes":${JSON.stringify(attributes)}`)).toStrictEqual({ attributes });
    expect(record('"severityText":"after"')).toStrictEqual({ severityText: 'after' });
  });

  test('keep their bytes when the next one is converted, or refused', () => {
    const { bytes } = jsonToWire('logs', Buffer.from('{"resourceLogs":[{"schemaUrl":"first"}]}'));
    expect(() => jsonToWire('logs', Buffer.from('{"resourceLogs":[{"schemaUrl":"second"}'))).toThrow(MalformedError);
    expect(decodedModel('logs', bytes)).toStrictEqual({ resourceLogs: [{ schemaUrl: 'first' }] });
  });

  test('with a million packed numbers of two bytes each have room', () => {
    expect((point(`"bucketCounts":[${'7,'.repeat(999_999)}7]`) as { bucketCounts: string[] }).bucketCounts.length).toBe(
      1_000_000,
    );
  });
});
