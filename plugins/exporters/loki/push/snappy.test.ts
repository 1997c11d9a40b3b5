import fc from 'fast-check';
import type { Batch } from 'sluice/plugin';
import { logsBatch, ManualClock } from 'sluice/testing';
import { describe, expect, it } from 'vitest';
import { config, pushOptions } from '../config.ts';
import { Guard } from '../labels/guard.ts';
import { decodePush, unsnappy } from '../testing.ts';
import { PushEncoder, type Push } from './encoder.ts';

function encoderOf(options: object = {}): PushEncoder {
  const clock = new ManualClock();
  const push = pushOptions(config.parse({ endpoint: 'http://loki:3100', ...options }));
  return new PushEncoder(push, new Guard({ ...push.cardinality, ...push.labels }, clock), clock);
}

function expectSame(push: Push, streams = push.streams): void {
  expect(Buffer.compare(unsnappy(push.snappy(streams)), push.plain(streams))).toBe(0);
}

/** Few different values, so that much is there again, and some that are not. */
const text = fc.oneof(
  fc.constantFrom('', 'a', 'GET', '/api/v1/orders/{id}', 'x'.repeat(59), 'y'.repeat(64), 'ab'.repeat(65)),
  fc.string({ maxLength: 200, unit: 'binary' }),
);
const value = fc.oneof(
  text,
  fc.bigInt({ min: -5n, max: 300n }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.array(text, { maxLength: 3 }),
);
const record = fc.record({
  timeUnixNano: fc.bigInt({ min: 0n, max: 2n ** 61n }),
  observedTimeUnixNano: fc.constantFrom(0n, 1_700_000_000_000_000_007n, 1_700_000_001_000_000_000n, 5n),
  severityNumber: fc.constantFrom(0, 9, 17),
  severityText: fc.constantFrom('', 'INFO', 'ERROR'),
  body: fc.oneof(text, fc.constant('z'.repeat(20_000))),
  traceId: fc.constantFrom('', '0af7651916cd43dd8448eb211c80319c'),
  attributes: fc.array(fc.tuple(fc.constantFrom('a', 'http.method', 'level', 'k'.repeat(130)), value), {
    maxLength: 8,
  }),
});
const batch = fc
  .tuple(fc.array(record, { minLength: 1, maxLength: 30 }), text)
  .map(([records, host]): Batch => logsBatch(records, { resource: { 'service.name': 'shop', 'host.name': host } }));

/** Text in which nothing is there twice, to speak of. */
function noise(size: number): string {
  let text = '';
  for (let i = 1; text.length < size; i++) text += Math.abs(Math.sin(i) * 1e15).toString(36);
  return text.slice(0, size);
}

describe('a push in Snappy', () => {
  it('is the push, for any batches one after the other and any of its streams', () => {
    const encoder = encoderOf({ labels: { record: ['a'] } });
    fc.assert(
      fc.property(batch, (one) => {
        const push = encoder.encode(one);
        expectSame(push);
        expectSame(
          push,
          push.streams.filter((_stream, i) => i % 2 === 0),
        );
        expectSame(push);
      }),
      { numRuns: 300 },
    );
  });

  it('copies what was before, however far back, and has it once', () => {
    const agent = 'Mozilla/5.0 (X11; Linux x86_64)'.repeat(3);
    const records = ['first', noise(66_000), 'second'].map((body, i) => ({
      timeUnixNano: BigInt(i + 1),
      body,
      ...(body.length < 10 && { attributes: { agent } }),
    }));
    const push = encoderOf().encode(logsBatch(records));
    expectSame(push);
    expect(decodePush(push.plain(push.streams))[0]?.entries[2]?.metadata).toEqual([['agent', agent]]);
    expect(Buffer.from(push.snappy(push.streams)).toString('latin1').split('Mozilla/5.0')).toHaveLength(2);
  });

  it.each([2048, 65_536])('copies from %i bytes back, and from a little nearer and further', (distance) => {
    const agent = 'Mozilla/5.0 (X11; Linux x86_64)';
    const encoder = encoderOf({ limits: { max_line_size: 0 } });
    for (let size = distance - 100; size < distance + 10; size++) {
      const records = [agent, noise(size), agent].map((body, i) => ({
        timeUnixNano: BigInt(i + 1),
        body,
        attributes: { agent, s: 'x' },
      }));
      expectSame(encoder.encode(logsBatch(records)));
    }
  });

  it('finds in a line what lines before had', () => {
    const line = (id: number): string => `{"level":"info","logger":"com.example.OrderService","order":${id * 7919}}`;
    const records = Array.from({ length: 200 }, (_unused, i) => ({ timeUnixNano: BigInt(i + 1), body: line(i) }));
    const push = encoderOf().encode(logsBatch(records));
    expectSame(push);
    expect(push.snappy(push.streams).length).toBeLessThan(0.35 * push.plain(push.streams).length);
  });
});
