import fc from 'fast-check';
import {
  Attributes,
  encode,
  Decoded,
  LogRecord,
  receive,
  Resource,
  ResourceGroup,
  Scope,
  ScopeGroup,
  type AnyValue,
  type Batch,
} from 'sluice/plugin';
import { ManualClock } from 'sluice/testing';
import { describe, expect, it } from 'vitest';
import { batchOf } from '../../../../test/oracle/arbitrary.ts';
import { mutate } from '../../../../test/oracle/mutate.ts';
import { addUnknown, reorder } from '../../../../test/oracle/reorder.ts';
import { config, pushOptions, type PushOptions } from '../config.ts';
import { fieldsOf } from '../fields.ts';
import { Guard } from '../labels/guard.ts';
import { decodePush, unsnappy } from '../testing.ts';
import { PushEncoder, type Push } from './encoder.ts';
import { Model } from './testing.ts';

/** `LOKI_RUNS=100` has a hundred times as many cases. */
const factor = Number(process.env['LOKI_RUNS'] ?? 1);
const runs = (count: number) => ({ seed: 20_261_128, numRuns: factor * count });
const now = 1_760_000_000_000;

/** Few different ones, so that much is there again, and some that are not. */
const text = fc.oneof(
  fc.constantFrom('', 'a', 'GET', '/api/v1/orders/{id}', 'x'.repeat(59), 'y'.repeat(64), 'ab'.repeat(65)),
  fc.string({ maxLength: 40, unit: 'binary' }),
  fc.constantFrom('long '.repeat(200), 'z'.repeat(20_000), 'ü'.repeat(3000)),
);
const number = fc.oneof(
  fc.double(),
  fc.constantFrom(-0, 0, 2 ** 53, -(2 ** 53) - 2, 1e21, 1e-7, 0.001, 999_999_999.999),
  fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }).map((value) => value / 1000),
  fc.integer({ min: -3000, max: 3000 }).map((value) => value / 100),
);
const scalar: fc.Arbitrary<AnyValue> = fc.oneof(
  { weight: 5, arbitrary: text },
  number,
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -3n, max: 300n }),
  fc.boolean(),
  fc.uint8Array({ maxLength: 40 }),
  fc.constant(null),
);
const key = fc.constantFrom('a', 'b', 'level', 'http.request.method', '__proto__', '', '2x', 'ключ', 'k'.repeat(130));
const attributes = fc
  .array(fc.tuple(key, fc.oneof({ weight: 8, arbitrary: scalar }, fc.array(scalar, { maxLength: 3 }))), {
    maxLength: 7,
  })
  .map((pairs) => Attributes.from(pairs));
const value: fc.Arbitrary<AnyValue> = fc.oneof({ weight: 6, arbitrary: scalar }, attributes, fc.array(scalar));
const time = fc.oneof(
  fc.bigInt({ min: BigInt(now - 5000) * 1_000_000n, max: BigInt(now) * 1_000_000n }),
  fc.constantFrom(0n, 1n, 999_999_999n, 1_000_000_000n, 2n ** 63n, 2n ** 64n - 1n, 4_294_967_296_000_000_000n),
);
const record = fc
  .record({
    timeUnixNano: time,
    observedTimeUnixNano: fc.oneof(time, fc.constantFrom(1_700_000_000_000_000_007n, 1_700_000_000_000_000_008n)),
    severityNumber: fc.constantFrom(0, 5, 9, 9, 17, 25, -1),
    severityText: fc.constantFrom('', 'INFO', 'Info', 'verbose'),
    flags: fc.constantFrom(0, 1, 2 ** 32 - 1),
    body: fc.option(value, { nil: undefined }),
    traceId: fc.constantFrom('', '0af7651916cd43dd8448eb211c80319c', '0'.repeat(32), 'ab', 'cd'.repeat(40)),
    spanId: fc.constantFrom('', 'b7ad6b7169203331', '0000000000000001'),
    eventName: fc.constantFrom('', 'login'),
    attributes,
  })
  .map((fields) => LogRecord.from(fields));
const scope = fc
  .record({
    scope: fc.option(
      fc.record({ name: text, version: fc.constantFrom('', '1'), attributes }).map((fields) => Scope.from(fields)),
      { nil: undefined },
    ),
    records: fc.array(record, { maxLength: 12 }),
  })
  .map((fields) => Object.assign(new ScopeGroup<'logs'>(), fields));
const resource = fc
  .record({
    resource: fc.option(
      attributes.map((own) => Resource.from({ attributes: own.append('service.name', 'shop') })),
      { nil: undefined },
    ),
    scopes: fc.array(scope, { maxLength: 3 }),
  })
  .map((fields) => Object.assign(new ResourceGroup<'logs'>(), fields));
const typical = fc
  .array(resource, { maxLength: 4 })
  .map((resources) => encode(Object.assign(new Decoded('logs'), { resources }), { receivedAt: now }));

/** As others may write it: fields in any order, fields that are unknown, resources and scopes in pieces. */
const batch: fc.Arbitrary<Batch<'logs'>> = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: typical }, batchOf('logs')),
    fc.constantFrom('as it is', 'descending', 'in any order', 'unknown', 'resources in pieces', 'scopes in pieces'),
    fc.nat(),
  )
  .map(([given, change, seed]) => {
    const { bytes } = given;
    const changed = {
      'as it is': () => bytes,
      descending: () => reorder('logs', bytes, 'descending'),
      'in any order': () => reorder('logs', bytes, { seed }),
      unknown: () => addUnknown('logs', bytes, seed),
      'resources in pieces': () => inPieces(bytes, false),
      'scopes in pieces': () => inPieces(bytes, true),
    }[change]();
    return receive('logs', changed, { receivedAt: now });
  });

/** The same with one more piece of each resource, or of each scope. */
function inPieces(bytes: Uint8Array, ofScopes: boolean): Uint8Array {
  const attribute = Buffer.from('0a016112030a0162', 'hex');
  const piece = field(1, field(ofScopes ? 3 : 1, attribute));
  const withPiece = (list: Uint8Array): Uint8Array => Buffer.concat([list, piece]);
  return each(bytes, 1, ofScopes ? (list) => each(list, 2, withPiece) : withPiece);
}

/** The message with another content of each field of this number. */
function each(message: Uint8Array, number: number, change: (content: Uint8Array) => Uint8Array): Uint8Array {
  const fields = [...fieldsOf(message, 0, message.length)];
  return Buffer.concat(
    fields.map((found, i) => {
      const from = fields[i - 1]?.end ?? 0;
      if (found.number !== number) return message.subarray(from, found.end);
      return field(number, change(message.subarray(found.start, found.end)));
    }),
  );
}

function field(number: number, content: Uint8Array): Uint8Array {
  const size: number[] = [];
  let rest = content.length;
  for (; rest > 127; rest = Math.floor(rest / 128)) size.push((rest % 128) + 128);
  return Buffer.concat([Uint8Array.from([number * 8 + 2, ...size, rest]), content]);
}

const limits = fc.record({
  max_line_size: fc.constantFrom(0, 0, 5, 60, 262_144),
  on_long_line: fc.constantFrom('cut', 'drop'),
  max_structured_metadata_entries: fc.constantFrom(0, 3, 8, 128),
  max_structured_metadata_size: fc.constantFrom(0, 60, 300, 65_536),
  max_age: fc.constantFrom(0, '3s'),
});
const labels = fc.record(
  {
    static: fc.constantFrom({}, { job: 'docker' }, { level: 'fixed' }),
    severity: fc.boolean(),
    scope: fc.boolean(),
    templates: fc.constantFrom(
      {},
      {},
      { t: '{a|none}/{record:b|}' },
      { t: '%S {resource:service.name}' },
      { t: '{b}' },
    ),
    resource: fc.constantFrom([], ['service.name', 'a'], [{ attribute: 'b', label: 'x' }]),
    record: fc.constantFrom([], ['a'], ['level', 'http.request.method'], [{ attribute: 'a', label: 'x' }, 'b']),
    max_labels: fc.constantFrom(2, 15),
    max_value_length: fc.constantFrom(3, 2048),
  },
  { requiredKeys: [] },
);
const options: fc.Arbitrary<PushOptions> = fc
  .record({
    format: fc.constantFrom('raw', 'raw', 'raw', 'json'),
    labels,
    limits,
    structured_metadata: fc.constantFrom(
      {},
      {},
      { record: true },
      { resource: false, trace: false, flags: false },
      { scope: false, severity: false, record: false, event_name: false, observed_timestamp: false },
    ),
    cardinality: fc.constantFrom(
      {},
      { max_values: 2 },
      { max_combinations: 3, forget_after: '1m' },
      { max_values: 3, forget_after: '1m' },
    ),
  })
  .map((given) => pushOptions(config.parse({ endpoint: 'http://loki:3100', ...given })));

function subject(push: PushOptions) {
  const clock = new ManualClock();
  const guard = (): Guard => new Guard({ ...push.cardinality, ...push.labels }, clock);
  return {
    clock,
    encoder: new PushEncoder(push, guard(), clock),
    model: new Model(push, guard(), clock),
  };
}

function said({ refused, changes }: Push) {
  const demoted = [...changes.demoted].flatMap(([name, reasons]) =>
    [...reasons].map(([reason, count]): [string, number] => [`${name} ${reason}`, count]),
  );
  return {
    refused: Object.fromEntries(refused.counts),
    demoted: Object.fromEntries(demoted),
    cutLines: changes.cutLines,
    leftOutPairs: changes.leftOutPairs,
  };
}

describe('a push', () => {
  it('says what the decoded records say, one batch after the other', async () => {
    await fc.assert(
      fc.asyncProperty(options, fc.array(batch, { minLength: 1, maxLength: 4 }), async (given, batches) => {
        const { clock, encoder, model } = subject(given);
        await clock.advance(now - clock.now());
        for (const one of batches) {
          const push = encoder.encode(one);
          const { streams, ...counts } = model.push(one);
          const plain = push.plain(push.streams);
          expect(decodePush(plain)).toEqual(streams);
          expect(said(push)).toEqual(counts);
          expect(Buffer.compare(unsnappy(push.snappy(push.streams)), plain)).toBe(0);
          expectStreams(push, plain);
          await clock.advance(50_000);
        }
      }),
      runs(40),
    );
  });

  it('is made of whatever has passed the structural check', () => {
    const random = fc.gen();
    fc.assert(
      fc.property(options, batch, random, (given, one, pick) => {
        const bytes = mutate(one.bytes, () => pick(fc.double, { min: 0, max: 0.999, noNaN: true }));
        const { encoder } = subject(given);
        for (const mutated of received(bytes)) {
          const push = encoder.encode(mutated);
          const plain = push.plain(push.streams);
          expect(entriesIn(plain) + push.refused.total).toBe(mutated.count);
          expect(Buffer.compare(unsnappy(push.snappy(push.streams)), plain)).toBe(0);
        }
      }),
      runs(80),
    );
  });
});

/** Each stream is where it is said to be, and alone it is the same. */
function expectStreams(push: Push, plain: Uint8Array): void {
  for (const stream of push.streams) {
    const alone = push.plain([stream]);
    expect(Buffer.compare(alone, plain.subarray(stream.start, stream.end))).toBe(0);
    expect(Buffer.compare(unsnappy(push.snappy([stream])), alone)).toBe(0);
    const [decoded] = decodePush(alone);
    const seconds = decoded?.entries.map(({ ns }) => Number(ns / 1_000_000_000n)) ?? [];
    expect(stream).toMatchObject({ count: seconds.length, oldest: seconds[0], newest: seconds.at(-1) });
    expect(stream.stream.text).toBe(decoded?.labels);
  }
}

function entriesIn(plain: Uint8Array): number {
  const streams = [...fieldsOf(plain, 0, plain.length)];
  const contents = streams.flatMap(({ start, end }) => [...fieldsOf(plain, start, end)]);
  return contents.filter(({ number }) => number === 2).length;
}

function received(bytes: Uint8Array): Batch<'logs'>[] {
  try {
    return [receive('logs', bytes, { receivedAt: now })];
  } catch {
    return [];
  }
}
