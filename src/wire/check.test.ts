import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedError, signals, type Signal } from './batch.ts';
import { checkStructure } from './check.ts';
import { maxDepth, walkStructure } from './structure.ts';

const fixture = (name: string): Uint8Array => readFileSync(new URL(`../../test/fixtures/${name}`, import.meta.url));
const field = (number: number, content: readonly number[]): number[] => [
  ...varint(number * 8 + 2),
  ...varint(content.length),
  ...content,
];

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}

/** A request of one log record with these fields. */
function logRecord(...fields: number[][]): Uint8Array {
  return Uint8Array.from(field(1, field(2, field(2, fields.flat()))));
}

describe('the structural check', () => {
  it.each(signals.flatMap((signal) => ['ascending', 'collector'].map((order) => [signal, order] as const)))(
    'counts 64 records in %s written %s',
    (signal, order) => {
      expect(checkStructure(signal, fixture(`${signal}.${order}.pb`))).toEqual({ count: 64, invalidUtf8: -1 });
    },
  );

  it('takes an empty request', () => {
    expect(checkStructure('traces', new Uint8Array())).toEqual({ count: 0, invalidUtf8: -1 });
  });

  it('counts data points, not metrics', () => {
    const gauge = field(5, [...field(1, []), ...field(1, []), ...field(1, [])]);
    const request = field(1, field(2, [...field(2, gauge), ...field(2, gauge)]));
    expect(checkStructure('metrics', Uint8Array.from(request)).count).toBe(6);
  });

  it('refuses every request that is cut short, and says where', () => {
    const whole = fixture('logs.ascending.pb').subarray(0, 3000);
    for (let length = 1; length < whole.length; length += 7) {
      expect(() => checkStructure('logs', whole.subarray(0, length))).toThrow(MalformedError);
    }
  });

  it('never takes a length for granted', () => {
    const error = catchError(() => checkStructure('logs', Uint8Array.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])));
    expect(error).toMatchObject({
      name: 'MalformedError',
      offset: 6,
      message: 'a length of 4294967295 where 0 bytes are left at byte 6',
    });
  });

  it('refuses a known field of the wrong wire type', () => {
    expect(() => checkStructure('logs', logRecord([0x10 | 2, 0]))).toThrow('wire type 2 for field 2 of LogRecord');
  });

  it('refuses field number 0 and endless numbers', () => {
    expect(() => checkStructure('logs', Uint8Array.from([0x02, 0]))).toThrow('field number 0');
    expect(() => checkStructure('logs', logRecord([0x10, ...Array.from({ length: 11 }, () => 0x80), 1]))).toThrow(
      'more than 10 bytes',
    );
  });

  it('passes over fields that it does not know', () => {
    const unknown = [...field(15, [1, 2, 3]), ...varint(14 * 8), 5, ...varint(900 * 8 + 5), 1, 2, 3, 4];
    expect(checkStructure('logs', logRecord(unknown)).count).toBe(1);
  });

  it('takes packed and unpacked numbers, and refuses half of one', () => {
    const point = (fields: number[]): Uint8Array =>
      Uint8Array.from(field(1, field(2, field(2, field(9, field(1, fields))))));
    const eight = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(checkStructure('metrics', point(field(6, [...eight, ...eight]))).count).toBe(1);
    expect(checkStructure('metrics', point([6 * 8 + 1, ...eight])).count).toBe(1);
    expect(() => checkStructure('metrics', point(field(6, [1, 2, 3])))).toThrow('packed');
  });

  it('refuses what is nested too deep, long before the stack is in danger', () => {
    let body = field(1, [0x61]);
    for (let depth = 0; depth < 10_000; depth++) body = depth < maxDepth ? field(5, field(1, body)) : body;
    expect(() => checkStructure('logs', logRecord(field(5, body)))).toThrow(`deeper than ${maxDepth}`);
  });

  it('counts the levels of plain attributes too, as the walk does', () => {
    for (let pairs = 28; pairs < 36; pairs++) {
      let body = field(6, field(1, [...field(1, [0x6b]), ...field(2, [0x10, 1])]));
      for (let depth = 1; depth < pairs; depth++) body = field(6, field(1, [...field(1, [0x6b]), ...field(2, body)]));
      const request = logRecord(field(5, body));
      expect(catchError(() => checkStructure('logs', request)) === undefined).toBe(
        catchError(() => walkStructure('logs', request)) === undefined,
      );
    }
  });

  it.each([
    ['in a short text', field(3, [0xff])],
    [
      'in a plain attribute',
      field(6, [...field(1, [0x61, 0x62, 0x63]), ...field(2, field(1, [0x80, 0x61, 0x61, 0x61]))]),
    ],
    ['in a key', field(6, [...field(1, [0xc0, 0xaf]), ...field(2, field(1, [0x61]))])],
    ['in a long body', field(5, field(1, [...Array.from({ length: 300 }, () => 0x61), 0xed, 0xa0, 0x80]))],
  ])('reports text that is not UTF-8 %s', (_where, bytes) => {
    expect(checkStructure('logs', logRecord(bytes)).invalidUtf8).toBeGreaterThan(0);
  });

  it.each([
    [[0xc3, 0xa9]],
    [[0xe2, 0x82, 0xac]],
    [[0xf0, 0x9f, 0x9a, 0x80]],
    [[0xf4, 0x8f, 0xbf, 0xbf]],
    [[0xef, 0xbb, 0xbf]],
    [[0xc0, 0xaf]],
    [[0xc1, 0x81]],
    [[0xe0, 0x80, 0xaf]],
    [[0xed, 0xa0, 0x80]],
    [[0xf0, 0x80, 0x80, 0xaf]],
    [[0xf4, 0x90, 0x80, 0x80]],
    [[0xf5, 0x80, 0x80, 0x80]],
    [[0x80]],
    [[0xe2, 0x82]],
    [[0xf0, 0x9f, 0x9a]],
  ])('judges the text %j as the platform does', (bytes) => {
    const valid = isUtf8(Uint8Array.from(bytes));
    expect(checkStructure('logs', logRecord(field(3, bytes))).invalidUtf8 < 0).toBe(valid);
  });

  it('knows UTF-8 from ids, which may hold any bytes', () => {
    const accented = field(3, [...Buffer.from('größer → ok')]);
    const traceId = field(
      9,
      Array.from({ length: 16 }, () => 0xff),
    );
    expect(checkStructure('logs', logRecord(accented, traceId))).toEqual({ count: 1, invalidUtf8: -1 });
  });

  it('answers any bytes with a result or an error, and the kernel never says otherwise than the walk', () => {
    const seeds = new Map(signals.map((signal) => [signal, fixture(`${signal}.collector.pb`).subarray(0, 1200)]));
    const flips = fc.array(fc.tuple(fc.nat(1199), fc.integer({ min: 0, max: 255 })), { maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom<Signal>(...signals), flips, fc.nat(1200), (signal, changes, length) => {
        const bytes = Uint8Array.from((seeds.get(signal) as Uint8Array).subarray(0, length));
        for (const [at, value] of changes) if (at < length) bytes[at] = value;
        const error = catchError(() => expect(checkStructure(signal, bytes)).toEqual(walkStructure(signal, bytes)));
        expect(error === undefined || error instanceof MalformedError).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });
});

function catchError(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}
