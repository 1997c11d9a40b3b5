import type { Batch } from 'sluice/plugin';
import { logsBatch, ManualClock } from 'sluice/testing';
import { describe, expect, it } from 'vitest';
import { config, pushOptions } from '../config.ts';
import { Guard } from '../labels/guard.ts';
import { decodePush, unsnappy, type DecodedEntry } from '../testing.ts';
import { PushEncoder } from './encoder.ts';

const mebibyte = 2 ** 20;

function encoderOf(options: object = {}, clock = new ManualClock()): PushEncoder {
  const push = pushOptions(config.parse({ endpoint: 'http://loki:3100', ...options }));
  return new PushEncoder(push, new Guard({ ...push.cardinality, ...push.labels }, clock), clock);
}

function entriesOf(encoder: PushEncoder, batch: Batch): DecodedEntry[] {
  const push = encoder.encode(batch);
  return decodePush(unsnappy(push.snappy(push.streams))).flatMap(({ entries }) => entries);
}

const resource = { 'service.name': 'shop' };
const small = logsBatch([{ timeUnixNano: 1n, body: 'x', attributes: { a: 'b' } }], { resource });
const ofSmall = [{ ns: 1n, line: 'x', metadata: [['a', 'b']] }];

describe('a batch', () => {
  it('of tens of MiB is made, and its memory is let go of', () => {
    const encoder = encoderOf({ limits: { max_line_size: 0 } });
    const bodies = Array.from({ length: 24 }, (_unused, i) => String.fromCharCode(97 + (i % 26)).repeat(mebibyte + i));
    const large = logsBatch(bodies.map((body, i) => ({ timeUnixNano: BigInt(24 - i), body })));
    const lines = entriesOf(encoder, large).map(({ line }) => line);
    expect(lines.map((line) => `${line.length} ${line.slice(0, 1)} ${line.slice(-1)}`)).toEqual(
      bodies.map((body) => `${body.length} ${body.slice(0, 1)} ${body.slice(-1)}`).toReversed(),
    );
    expect(encoder['kernel']).toBeUndefined();
    expect(entriesOf(encoder, small)).toEqual(ofSmall);
    expect(encoder['kernel']?.size).toBeLessThan(mebibyte / 2);
  });

  it('that has not passed the structural check is an error, and harms no other', () => {
    const encoder = encoderOf();
    for (let size = 1; size < small.bytes.length; size++) {
      const cut = { ...small, bytes: small.bytes.subarray(0, size) };
      expect(() => encoder.encode(cut)).toThrow(/./);
    }
    expect(entriesOf(encoder, small)).toEqual(ofSmall);
  });
});

describe('what is remembered', () => {
  it('of keys is bounded, however many there are', () => {
    const encoder = encoderOf({ limits: { max_structured_metadata_entries: 0, max_structured_metadata_size: 0 } });
    for (let round = 0; round < 3; round++) {
      const pairs = Array.from({ length: 12_000 }, (_unused, i): [string, string] => [`key.${round}.${i}`, `v${i}`]);
      const [entry] = entriesOf(encoder, logsBatch([{ timeUnixNano: 1n, attributes: pairs }]));
      expect(entry?.metadata).toEqual(pairs.map(([key, value]) => [key.replaceAll('.', '_'), value]));
    }
    expect(entriesOf(encoder, small)).toEqual(ofSmall);
    expect(encoder['kernel']?.size).toBeLessThan(16 * mebibyte);
  });

  it('of combinations is bounded, and those that were forgotten are the same streams', () => {
    const encoder = encoderOf({ labels: { record: ['id'] }, cardinality: { max_values: 30_000 } });
    const batchOf = (round: number): Batch =>
      logsBatch(
        Array.from({ length: 12_000 }, (_unused, i) => ({
          timeUnixNano: BigInt(i + 1),
          body: `${i}`,
          attributes: { id: `${round * 12_000 + i}` },
        })),
      );
    const first = encoder.encode(batchOf(0)).streams;
    expect(encoder.encode(batchOf(1)).streams).toHaveLength(12_000);
    const again = encoder.encode(batchOf(0)).streams;
    expect(again.map(({ stream }) => stream)).toEqual(first.map(({ stream }) => stream));
    expect(again[11]?.stream.text).toBe('{id="11"}');
    expect(encoder['kernel']?.size).toBeLessThan(16 * mebibyte);
  });

  it('of combinations is not what the guard has forgotten since', async () => {
    const clock = new ManualClock();
    const cardinality = { max_combinations: 1, forget_after: '1h' };
    const encoder = encoderOf({ labels: { record: ['id'] }, cardinality }, clock);
    const textsOf = (...ids: readonly string[]): string[] => {
      const batch = logsBatch(ids.map((id) => ({ timeUnixNano: 1n, attributes: { id } })));
      return encoder.encode(batch).streams.map(({ stream }) => stream.text);
    };
    expect(textsOf('a')).toEqual(['{id="a"}']);
    await clock.advance(7_200_000);
    expect(textsOf('b', 'a')).toEqual(['{id="b"}', '{service_name="unknown_service"}']);
    await clock.advance(7_200_000);
    expect(textsOf('a', 'b')).toEqual(['{id="a"}', '{service_name="unknown_service"}']);
  });

  it('of positions starts over before they grow too large', () => {
    const encoder = encoderOf({ limits: { max_line_size: 0 } });
    const records = Array.from({ length: 3 }, (_unused, i) => ({
      timeUnixNano: 1n,
      body: `${i} of `.repeat(mebibyte),
    }));
    const push = encoder.encode(logsBatch([...records, { timeUnixNano: 2n, attributes: { a: 'b' } }]));
    const first = push.snappy(push.streams);
    for (let written = 0; written < 1.1 * 2 ** 30; written += push.streams[0]?.end ?? Infinity)
      if (Buffer.compare(push.snappy(push.streams), first) !== 0) throw new Error('another block');
    expect(Buffer.compare(unsnappy(first), push.plain(push.streams))).toBe(0);
  });
});
