import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signals, type Signal } from '../batch.ts';
import { checkStructure } from '../check.ts';
import { signalMessages } from '../schema.ts';
import { requests } from './oracle/requests.ts';
import { jsonToWire, wireToJson } from './index.ts';
import { jsonModel, looseJson, picker, withoutZeros } from './oracle/json-text.ts';
import { decode, encode } from './oracle/protobufjs.ts';
import { shuffled } from './oracle/shuffled.ts';

function fixture(name: string): Uint8Array {
  return readFileSync(new URL(`../../../test/fixtures/${name}`, import.meta.url));
}

function parsed(signal: Signal, bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(wireToJson(signal, bytes)).toString());
}

describe.each(signals)('%s', (signal) => {
  const request = signalMessages[signal].request;
  const runs = { numRuns: 100 };

  test('the JSON of a real request becomes the same request in protobuf', () => {
    const { bytes, count } = jsonToWire(signal, fixture(`${signal}.json`));
    expect(decode(signal, bytes)).toStrictEqual(decode(signal, fixture(`${signal}.ascending.pb`)));
    expect(count).toBe(64);
    expect(bytes.length).toBe(fixture(`${signal}.ascending.pb`).length);
  });

  test.each(['ascending', 'collector'])('a real request with fields in %s order becomes its JSON', (order) => {
    const json: unknown = JSON.parse(Buffer.from(fixture(`${signal}.json`)).toString());
    expect(parsed(signal, fixture(`${signal}.${order}.pb`))).toStrictEqual(json);
  });

  test('any JSON spelling of a request becomes what protobufjs makes of the request', () => {
    fc.assert(
      fc.property(requests(signal), fc.integer(), (message, seed) => {
        const text = looseJson(request, jsonModel(request, message), picker(seed));
        const { bytes, count } = jsonToWire(signal, Buffer.from(text));
        expect(decode(signal, bytes)).toStrictEqual(decode(signal, encode(signal, withoutZeros(request, message))));
        expect(checkStructure(signal, bytes)).toStrictEqual({ count, invalidUtf8: -1 });
      }),
      runs,
    );
  });

  test('any encoding of a request becomes its canonical JSON, whatever the order of fields', () => {
    fc.assert(
      fc.property(requests(signal), fc.integer(), (message, seed) => {
        const bytes = encode(signal, message);
        const model = jsonModel(request, withoutZeros(request, message));
        expect(parsed(signal, bytes)).toStrictEqual(model);
        expect(parsed(signal, shuffled(request, bytes, picker(seed)))).toStrictEqual(model);
      }),
      runs,
    );
  });

  test('a request survives the way to JSON and back', () => {
    fc.assert(
      fc.property(requests(signal), (message) => {
        const bytes = encode(signal, withoutZeros(request, message));
        expect(decode(signal, jsonToWire(signal, wireToJson(signal, bytes)).bytes)).toStrictEqual(
          decode(signal, bytes),
        );
      }),
      runs,
    );
  });
});
