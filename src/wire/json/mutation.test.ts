import { expect, test } from 'vitest';
import { mutate } from '../../../test/oracle/mutate.ts';
import { randomOf } from '../../../test/oracle/reorder.ts';
import { MalformedError, type Signal } from '../batch.ts';
import { checkStructure } from '../check.ts';
import { jsonToWire, wireToJson } from './index.ts';

const letters = Buffer.from('{}[]",:\\0129-.eEuntf \n\0\xff');
const value = String.raw`{"kvlistValue":{"values":[{"key":"k\u00e9","value":{"arrayValue":{"values":[{"doubleValue":-1.5e3},{"bytesValue":"AAEC_w=="},{"boolValue":true},null]}}}]}}`;
const samples: Readonly<Record<Signal, string>> = {
  logs: `{"resourceLogs":[{"resource":{"attributes":[{"key":"a","value":{"stringValue":"ü"}}]},"scopeLogs":[{"logRecords":[{"timeUnixNano":"1763700001000498081","severityNumber":"SEVERITY_NUMBER_INFO","traceId":"5b8efff798038103","body":${value},"x":[1,{"y":null}]}]}]}]}`,
  traces: `{"resource_spans":[{"scope_spans":[{"spans":[{"kind":2,"name":"a\\/b","flags":257,"events":[{"timeUnixNano":1763700001000498081}],"status":{"code":1},"attributes":[{"key":"b","value":${value}}]}]}]}]}`,
  metrics: `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","exponentialHistogram":{"dataPoints":[{"scale":-3,"positive":{"offset":-2,"bucketCounts":["1",2,3e0]},"sum":1.25,"zeroThreshold":"NaN","exemplars":[{"asInt":"-5"}]}]}}]}]}]}`,
};

/** Damage, and in every other case one of the characters that JSON is made of. */
function mutateJson(json: Uint8Array, random: () => number): Uint8Array {
  const damaged = mutate(json, random);
  if (damaged.length > 0 && random() < 0.5) {
    damaged[Math.floor(random() * damaged.length)] = letters[Math.floor(random() * letters.length)]!;
  }
  return damaged;
}

test.each(Object.entries(samples) as [Signal, string][])(
  '35,000 mutations of %s in JSON give an error or a sound request',
  (signal, sample) => {
    const json = Buffer.from(sample);
    const random = randomOf(11);
    let refused = 0;
    for (let run = 0; run < 35_000; run++) {
      const input = mutateJson(json, random);
      let result: ReturnType<typeof jsonToWire> | undefined;
      if (isRefused(() => (result = jsonToWire(signal, input)))) refused++;
      else if (checkStructure(signal, result!.bytes).count !== result!.count)
        throw new Error(`a wrong count: ${Buffer.from(input).toString()}`);
    }
    expect(refused).toBeGreaterThan(15_000);
    expect(refused).toBeLessThan(35_000);
  },
);

test.each(Object.entries(samples) as [Signal, string][])(
  '20,000 mutations of %s in protobuf give an error or sound JSON, and JSON for all that passes the structural check',
  (signal, sample) => {
    const { bytes } = jsonToWire(signal, Buffer.from(sample));
    const random = randomOf(7);
    let passed = 0;
    for (let run = 0; run < 20_000; run++) {
      const input = mutate(bytes, random);
      const sound = !isRefused(() => checkStructure(signal, input));
      const refused = isRefused(() => JSON.parse(Buffer.from(wireToJson(signal, input)).toString()) as unknown);
      if (sound) passed++;
      if (sound && refused) throw new Error(`sound, but refused: ${Buffer.from(input).toString('hex')}`);
    }
    expect(passed).toBeGreaterThan(1000);
  },
);

/** Whether it throws a MalformedError; any other error is a failure. */
function isRefused(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch (error) {
    if (error instanceof MalformedError) return true;
    throw error;
  }
}
