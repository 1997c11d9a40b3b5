import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchOf } from '../../../test/oracle/arbitrary.ts';
import { randomOf, reorder } from '../../../test/oracle/reorder.ts';
import { signals, type Signal } from '../batch.ts';
import { checkStructure } from '../check.ts';
import { signalMessages } from '../schema.ts';
import { jsonToWire, wireToJson } from './index.ts';
import { decodedModel } from '../../../test/oracle/json-model.ts';
import { looseJson, pickBy } from '../../../test/oracle/json-spelling.ts';

function fixture(name: string): Uint8Array {
  return readFileSync(new URL(`../../../test/fixtures/${name}`, import.meta.url));
}

function parsed(signal: Signal, bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(wireToJson(signal, bytes)).toString());
}

describe.each(signals)('%s', (signal) => {
  const runs = { numRuns: 100 };
  const seed = fc.integer();

  test('the JSON of a real request becomes the same request in protobuf', () => {
    const { bytes, count } = jsonToWire(signal, fixture(`${signal}.json`));
    const ascending = fixture(`${signal}.ascending.pb`);
    expect(decodedModel(signal, bytes)).toStrictEqual(decodedModel(signal, ascending));
    expect(count).toBe(64);
    expect(bytes.length).toBe(ascending.length);
  });

  test.each(['ascending', 'collector'])('a real request with fields in %s order becomes its JSON', (order) => {
    const json: unknown = JSON.parse(Buffer.from(fixture(`${signal}.json`)).toString());
    expect(parsed(signal, fixture(`${signal}.${order}.pb`))).toStrictEqual(json);
  });

  test('any JSON spelling of a request becomes what protobufjs makes of the request', () => {
    fc.assert(
      fc.property(batchOf(signal), seed, (batch, seed) => {
        const model = decodedModel(signal, batch.bytes);
        const text = looseJson(signalMessages[signal].request, model, pickBy(randomOf(seed)));
        const { bytes, count } = jsonToWire(signal, Buffer.from(text));
        expect(decodedModel(signal, bytes)).toStrictEqual(model);
        expect(count).toBe(batch.count);
        expect(checkStructure(signal, bytes)).toStrictEqual({ count, invalidUtf8: -1 });
      }),
      runs,
    );
  });

  test('any encoding of a request becomes its canonical JSON, whatever the order of fields', () => {
    fc.assert(
      fc.property(batchOf(signal), seed, ({ bytes }, seed) => {
        const model = decodedModel(signal, bytes);
        expect(parsed(signal, bytes)).toStrictEqual(model);
        expect(parsed(signal, reorder(signal, bytes, 'descending'))).toStrictEqual(model);
        expect(parsed(signal, reorder(signal, bytes, { seed }))).toStrictEqual(model);
      }),
      runs,
    );
  });

  test('a request survives the way to JSON and back', () => {
    fc.assert(
      fc.property(batchOf(signal), ({ bytes, count }) => {
        const back = jsonToWire(signal, wireToJson(signal, bytes));
        expect(decodedModel(signal, back.bytes)).toStrictEqual(decodedModel(signal, bytes));
        expect(back.count).toBe(count);
      }),
      runs,
    );
  });
});
