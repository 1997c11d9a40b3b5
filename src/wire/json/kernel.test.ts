import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchOf } from '../../../test/oracle/arbitrary.ts';
import { decodedModel } from '../../../test/oracle/json-model.ts';
import { looseJson, pickBy } from '../../../test/oracle/json-spelling.ts';
import { mutate } from '../../../test/oracle/mutate.ts';
import { randomOf } from '../../../test/oracle/reorder.ts';
import { signals, type Signal } from '../batch.ts';
import { signalMessages } from '../schema.ts';
import { maxDepth } from '../structure.ts';
import { wireToJson } from './index.ts';
import { kernelToWire } from './kernel.ts';
import { walkToWire } from './walk.ts';

function fixture(signal: Signal): string {
  return readFileSync(new URL(`../../../test/fixtures/${signal}.json`, import.meta.url), 'utf8');
}

/** A request with one record of these members. */
function record(members: string): Buffer {
  return Buffer.from(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{${members}}]}]}]}`);
}

/** Whether the kernel takes a request; if so, it makes what the walk makes of it. */
function isTaken(signal: Signal, json: Uint8Array, depth = maxDepth): boolean {
  const result = kernelToWire(signal, json, depth);
  if (result !== undefined) expect(result).toStrictEqual(walkToWire(signal, json, depth));
  return result !== undefined;
}

describe.each(signals)('%s', (signal) => {
  test.each([undefined, 2])('real requests, indented by %s, are for the kernel', (indent) => {
    const json = Buffer.from(JSON.stringify(JSON.parse(fixture(signal)), null, indent));
    expect(isTaken(signal, json)).toBe(true);
  });

  test('so is everything that we write ourselves', () => {
    fc.assert(
      fc.property(batchOf(signal), ({ bytes }) => isTaken(signal, wireToJson(signal, bytes))),
      { numRuns: 100 },
    );
  });

  test('what the kernel takes of other spellings, in any state of its guesses, is what the walk makes of it', () => {
    let taken = 0;
    fc.assert(
      fc.property(batchOf(signal), fc.integer(), ({ bytes }, seed) => {
        const model = decodedModel(signal, bytes);
        const text = looseJson(signalMessages[signal].request, model, pickBy(randomOf(seed)));
        taken += Number(isTaken(signal, Buffer.from(text)));
      }),
      { numRuns: 200 },
    );
    expect(taken).toBeGreaterThan(10);
  });

  test('the kernel takes no mutated request that the walk refuses, nor in another way', () => {
    const json = Buffer.from(JSON.stringify(firstResource(signal)));
    const random = randomOf(5);
    let taken = 0;
    for (let run = 0; run < 5000; run++) taken += Number(isTaken(signal, mutate(json, random)));
    expect(taken).toBeGreaterThan(10);
  });
});

function firstResource(signal: Signal): unknown {
  const [[name, resources]] = Object.entries(JSON.parse(fixture(signal)) as object) as [[string, unknown[]]];
  return { [name]: resources.slice(0, 1) };
}

test.each([
  String.raw`"body":{"stringValue":"\u00e9\ud83e\uddab \"quoted\" a\/b\n"}`,
  '"body":{"stringValue":"é 中 🦫"}',
  String.raw`"severityText":"\ud83e","body":{"stringValue":"a\ud83ez\uddab\ud83e\ud83e\uddab\ud83e\u0041\udfff\\u"}`,
  '"body":{"bytesValue":"AAEC_w=="},"traceId":"5B8EFFF798038103D269B633813FC60C"',
  '"body":{"doubleValue":0.30000000000000004},"attributes":[{"key":"a","value":{"doubleValue":-1e-7}}]',
  '"body":{"doubleValue":"-Infinity"},"attributes":[{"key":"a","value":{"doubleValue":"NaN"}}]',
  '"body":{"intValue":-9223372036854775808},"timeUnixNano":9999999999999999999',
  '"body":{"intValue":"0"},"flags":0,"severityText":"","traceId":"","timeUnixNano":"0"',
  '"severityText":"a","severityText":"","body":null,"tomorrow":[1,{"b":[true,null]}]',
  '"severity_text":"a","attributes":[{"value":{"boolValue":false},"key":"b"},null,{},{"key":"c","value":null}]',
])('%s is for the kernel', (members) => {
  expect(isTaken('logs', record(members))).toBe(true);
});

test.each([
  ['text that is not UTF-8', Buffer.from(record('"severityText":"\u00ff"').toString(), 'latin1')],
  ['the name of an enum value', record('"severityNumber":"SEVERITY_NUMBER_INFO"')],
  ['an escape in a name', record(String.raw`"severity\u0054ext":"a"`)],
  ['an escape in base64', record(String.raw`"body":{"bytesValue":"AA\/="}`)],
  ['another notation of an integer', record('"timeUnixNano":1e3')],
  ['packed numbers that outgrow their JSON', Buffer.from(metricOf(`"explicitBounds":[${'7,'.repeat(10_000)}7]`))],
  ['a request above 4 MiB', record(`"severityText":"${'a'.repeat(4 * 1024 * 1024)}"`)],
])('%s is for the walk', (_what, json) => {
  const signal = json.includes('resourceLogs') ? 'logs' : 'metrics';
  expect(kernelToWire(signal, json, maxDepth)).toBe(undefined);
  expect(walkToWire(signal, json, maxDepth).count).toBe(1);
});

function metricOf(members: string): string {
  return `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"histogram":{"dataPoints":[{${members}}]}}]}]}]}`;
}

test('messages nested too deep are for the walk, to the level', () => {
  const json = record('"body":{"arrayValue":{"values":[{"stringValue":"a"}]}},"attributes":[{"key":"a","value":{}}]');
  const depths = Array.from({ length: 10 }, (_, depth) => isTaken('logs', json, depth));
  expect(depths.indexOf(true)).toBe(7);
});
