import * as fc from 'fast-check';
import { batchFromJson, receive, wireToJson, type Batch } from 'sluice/plugin';
import { logsBatch } from 'sluice/testing';
import { describe, expect, it } from 'vitest';
import { chunked } from '../test-data/chunked.ts';
import { jsonPieces } from './json-pieces.ts';
import { protoPieces } from './proto-pieces.ts';

const meta = { receivedAt: 0 };

/** Batches with several resources, and text that looks like brackets. */
const batches = fc
  .array(
    fc.array(
      fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"]}', '\\', '{[', '\\"')), {
        minLength: 1,
        maxLength: 3,
      }),
      { minLength: 1, maxLength: 4 },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((requests) =>
    requests.map((resources) =>
      joined(
        resources.map((bodies) =>
          logsBatch(
            bodies.map((body) => ({ body })),
            { resource: { n: BigInt(bodies.length) } },
          ),
        ),
      ),
    ),
  );

function joined(parts: readonly Batch[]): Batch {
  return {
    signal: 'logs',
    bytes: Buffer.concat(parts.map(({ bytes }) => bytes)),
    count: parts.reduce((n, { count }) => n + count, 0),
    meta,
  };
}

const json = ({ bytes }: Batch): string => Buffer.from(wireToJson('logs', bytes)).toString();

describe('OTLP/JSON', () => {
  it('comes out whole, in requests, whatever the target and the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        batches,
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom('', '\n', ' \r\n\t'),
        async (requests, target, size, between) => {
          const text = Buffer.from(requests.map(json).join(between));
          const limits = { target, largest: 1e6 };
          const pieces = await Array.fromAsync(jsonPieces(chunked(text, size), limits));
          const read = pieces.map((piece) => batchFromJson('logs', piece, meta));
          expect(json(joined(read))).toBe(json(joined(requests)));
          expect(await Array.fromAsync(jsonPieces(chunked(text, 1), limits))).toEqual(pieces);
          for (const piece of read) expect(piece.count).toBeGreaterThan(0);
        },
      ),
    );
  });

  const read = (text: string, target = 10): Promise<string[]> =>
    Array.fromAsync(jsonPieces(chunked(Buffer.from(text), 3), { target, largest: 100 }), (piece) =>
      Buffer.from(piece).toString(),
    );

  it('is cut between resources, and only there', async () => {
    expect(await read('{ "resourceLogs" : [ {"a":[1,{}]} , {"b":2}\n]} {"resourceLogs":[]}')).toEqual([
      '{ "resourceLogs" : [ {"a":[1,{}]}]}',
      '{ "resourceLogs" : [{"b":2}]}',
      ' {"resourceLogs":[]}',
    ]);
    expect(await read('{"resourceLogs":[{"a":1}],"other":[{"b":2},{"c":3}]}', 5)).toEqual([
      '{"resourceLogs":[{"a":1}]}',
      '{"resourceLogs":[],"other":[{"b":2},{"c":3}]}',
    ]);
    expect(await read('{"x":1,"resourceLogs":[{"a":1},{"b":2}]}')).toEqual([
      '{"x":1,"resourceLogs":[{"a":1},{"b":2}]}',
    ]);
    expect(await read(' \n')).toEqual([]);
  });

  it.each([
    ['[{}]', 'a JSON array'],
    ['x', 'no JSON object'],
    ['{"resourceLogs":[{}', 'cut off'],
    ['{}}', 'never opened'],
    ['{"a":"', 'cut off'],
    [`{"resourceLogs":[{"a":"${'x'.repeat(200)}"}]}`, 'larger than 100 bytes'],
  ])('is damaged: %s', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });
});

describe('OTLP/protobuf', () => {
  it('comes out whole, in requests, whatever the target and the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        batches,
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 50 }),
        async (requests, target, size) => {
          const { bytes } = joined(requests);
          const limits = { target, largest: 1e6 };
          const pieces = await Array.fromAsync(protoPieces(chunked(bytes, size), limits));
          for (const piece of pieces) expect(receive('logs', piece, meta).count).toBeGreaterThan(0);
          expect(Buffer.concat(pieces)).toEqual(Buffer.from(bytes));
          expect(await Array.fromAsync(protoPieces(chunked(bytes, 1), limits))).toEqual(pieces);
        },
      ),
    );
  });

  const read = (bytes: Uint8Array): Promise<Uint8Array[]> =>
    Array.fromAsync(protoPieces(chunked(bytes, 3), { target: 10, largest: 100 }));

  it('is damaged where it is cut off, too large or something else', async () => {
    const { bytes } = logsBatch([{ body: 'x' }]);
    await expect(read(bytes.subarray(0, -1))).rejects.toThrow('cut off');
    await expect(read(logsBatch([{ body: 'x'.repeat(200) }]).bytes)).rejects.toThrow('larger than 100 bytes');
    await expect(read(Buffer.alloc(20, 0xff))).rejects.toThrow('no fields');
    await expect(read(Buffer.from([0x0b, 1, 2, 3]))).rejects.toThrow('no fields');
  });

  it('may have other fields, of any type', async () => {
    const odd = Buffer.from([0x10, 0x80, 1, 0x19, 1, 2, 3, 4, 5, 6, 7, 8, 0x25, 1, 2, 3, 4, 0x0a, 0]);
    expect(Buffer.concat(await read(odd))).toEqual(odd);
  });
});
