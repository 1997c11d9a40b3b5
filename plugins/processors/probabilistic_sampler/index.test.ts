import { createHash } from 'node:crypto';
import { decode, Status, type AnyValue, type Batch, type LogRecord, type Span } from 'sluice/plugin';
import { conformance, logsBatch, parseConfig, runProcessor, spansBatch } from 'sluice/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fnv1a } from './hash.ts';
import definition from './index.ts';
import { parseThreshold, probabilityOf, thresholdFor, thresholdText } from './threshold.ts';
import { formatTraceState, parseTraceState } from './trace-state.ts';

describe('conformance', () => {
  for (const check of conformance(definition, { config: { sampling_percentage: 100 } })) test(check.name, check.run);
});

async function sampled<S extends 'logs' | 'traces'>(
  config: object,
  batch: Batch<S>,
): Promise<(S extends 'logs' ? LogRecord : Span)[]> {
  const { batches } = await runProcessor(definition, config, [batch]);
  return batches.flatMap((each) =>
    decode(each).resources.flatMap(({ scopes }) => scopes.flatMap(({ records }) => records)),
  ) as never;
}

const traceId = '0af7651916cd43dd8448eb211c80319c';

/** The first sixteen digits say nothing here; the last fourteen are the randomness. */
function withRandomness(digits: string): string {
  return `0102030405060708ff${digits}`;
}

describe('hash_seed', () => {
  test('hashes with FNV-1a, seed first', () => {
    expect([fnv1a(Buffer.from('foobar'), 0), fnv1a(Buffer.from('foobar'), 22)]).toEqual([0xe2c86f18, 0x46d5a0d2]);
  });

  test('keeps about the percentage, the same ones for the same seed, and fewer ones of those with a lower percentage', async () => {
    const ids = Array.from({ length: 2000 }, (_, i) => Buffer.from(`trace-${i}`.padStart(16, '0')).toString('hex'));
    const keep = async (config: object): Promise<Set<string>> =>
      new Set((await sampled(config, spansBatch(ids.map((id) => ({ traceId: id }))))).map((span) => span.traceId));
    const [low, high, other] = await Promise.all([
      keep({ sampling_percentage: 20 }),
      keep({ sampling_percentage: 50 }),
      keep({ sampling_percentage: 50, hash_seed: 7 }),
    ]);
    expect(low.size / ids.length).toBeCloseTo(0.2, 1);
    expect(high.size / ids.length).toBeCloseTo(0.5, 1);
    expect([...low].every((id) => high.has(id))).toBe(true);
    expect([...high].some((id) => !other.has(id))).toBe(true);
  });

  test('writes its randomness and threshold where nobody did before', async () => {
    const [span] = await sampled({ sampling_percentage: 99.9 }, spansBatch([{ traceId, traceState: 'v=1' }]));
    expect(span?.traceState).toMatch(/^ot=rv:[0-9a-f]{14};th:0044,v=1$/);
    const [log] = await sampled({ sampling_percentage: 100 }, logsBatch([{ traceId }]));
    expect([...(log?.attributes ?? [])].map(([key]) => key)).toEqual(['sampling.randomness', 'sampling.threshold']);
  });

  test('has nothing to say where another sampler was, and fails as configured', async () => {
    const span = { traceId, traceState: 'ot=th:8' };
    expect(await sampled({ sampling_percentage: 100 }, spansBatch([span]))).toEqual([]);
    const [open] = await sampled({ sampling_percentage: 1, fail_closed: false }, spansBatch([span]));
    expect(open?.traceState).toBe('ot=th:8');
  });

  test('goes by an attribute of log records without a trace id', async () => {
    const config = { sampling_percentage: 100, attribute_source: 'record', from_attribute: 'id' };
    const kept = await sampled(
      config,
      logsBatch([
        { body: 'a', attributes: { id: 'x' } },
        { body: 'b', traceId },
        { body: 'c', attributes: { id: '' } },
      ]),
    );
    expect(kept.map(({ body }) => body)).toEqual(['a']);
  });
});

describe('hashing by the trace id alone', () => {
  const ids = Array.from({ length: 300 }, (_unused, i) => createHash('md5').update(String(i)).digest('hex'));
  /** Says nothing, but has to be looked at. */
  const attributes = { 'sampling.priority': 'x' };

  test.each([3, 37, 100])('gives spans what the long way gives them, at %s percent', async (sampling_percentage) => {
    const short = await sampled({ sampling_percentage }, spansBatch(ids.map((id) => ({ traceId: id }))));
    const long = await sampled({ sampling_percentage }, spansBatch(ids.map((id) => ({ traceId: id, attributes }))));
    expect(short.length).toBeGreaterThan(0);
    expect(short.map((span) => [span.traceId, span.traceState])).toEqual(
      long.map((span) => [span.traceId, span.traceState]),
    );
  });

  test.each([3, 37, 100])('gives log records what the long way gives them, at %s percent', async (percentage) => {
    const config = { sampling_percentage: percentage, sampling_priority: 'sampling.priority' };
    const short = await sampled(config, logsBatch(ids.map((id) => ({ traceId: id }))));
    const long = await sampled(config, logsBatch(ids.map((id) => ({ traceId: id, attributes }))));
    expect(short.length).toBeGreaterThan(0);
    expect(short.map((log) => [log.traceId, ...log.attributes])).toEqual(
      long.map((log) => [log.traceId, ...[...log.attributes].slice(1)]),
    );
  });
});

describe('proportional and equalizing', () => {
  test('keep what is random enough, by the last 56 bits of the trace id', async () => {
    const spans = ['7fffffffffffff', '80000000000000', 'ffffffffffffff'].map((digits) => ({
      traceId: withRandomness(digits),
    }));
    for (const mode of ['proportional', 'equalizing']) {
      const kept = await sampled({ sampling_percentage: 50, mode }, spansBatch(spans));
      expect(kept.map((span) => [span.traceId, span.traceState])).toEqual(
        spans.slice(1).map((span) => [span.traceId, 'ot=th:8']),
      );
    }
  });

  test('go by the randomness of the trace state before that of the trace id', async () => {
    const batch = spansBatch([{ traceId: withRandomness('00000000000000'), traceState: 'ot=rv:ffffffffffffff;k:v' }]);
    const [span] = await sampled({ sampling_percentage: 50, mode: 'equalizing' }, batch);
    expect(span?.traceState).toBe('ot=rv:ffffffffffffff;th:8;k:v');
  });

  test('proportional takes its share of what is left, equalizing only what is too much', async () => {
    const batch = spansBatch([{ traceId: withRandomness('f0000000000000'), traceState: 'ot=th:8' }]);
    const [proportional] = await sampled({ sampling_percentage: 50, mode: 'proportional' }, batch);
    const [equalizing] = await sampled({ sampling_percentage: 75, mode: 'equalizing' }, batch);
    expect([proportional?.traceState, equalizing?.traceState]).toEqual(['ot=th:c', 'ot=th:8']);
  });

  test('a record that should have been dropped before is a failure, and loses its threshold', async () => {
    const batch = spansBatch([{ traceId: withRandomness('10000000000000'), traceState: 'ot=th:8' }]);
    expect(await sampled({ sampling_percentage: 100, mode: 'equalizing' }, batch)).toEqual([]);
    const [span] = await sampled({ sampling_percentage: 10, mode: 'equalizing', fail_closed: false }, batch);
    expect(span?.traceState).toBe('ot=th:0');
  });
});

describe('priorities', () => {
  test.each<[AnyValue, boolean, boolean]>([
    [1n, true, true],
    [0n, false, false],
    [0.5, true, true],
    ['1', true, true],
    ['0.0', false, false],
    [-1n, false, true],
    ['x', false, true],
    [true, false, true],
  ])('a span with sampling.priority %s is kept: %s at 0, %s at 100 percent', async (priority, atNone, atAll) => {
    const batch = spansBatch([{ traceId, attributes: { 'sampling.priority': priority } }]);
    expect((await sampled({ sampling_percentage: 0 }, batch)).length).toBe(Number(atNone));
    expect((await sampled({ sampling_percentage: 100 }, batch)).length).toBe(Number(atAll));
  });

  test('a log record asks for a percentage by the attribute that is configured', async () => {
    const logs = logsBatch([
      { body: 'all', attributes: { p: 100n } },
      { body: 'none', attributes: { p: 0n } },
      { body: 'other', attributes: { q: 100n } },
    ]);
    const kept = await sampled({ sampling_percentage: 0, sampling_priority: 'p' }, logs);
    expect(kept.map(({ body }) => body)).toEqual(['all']);
  });
});

describe('thresholds', () => {
  test.each<[number, number, string]>([
    [1, 4, '0'],
    [0.5, 4, '8'],
    [0.25, 4, 'c'],
    [1 / 3, 4, 'aaab'],
    [1 / 3, 14, 'aaaaaaaaaaaaac'],
    [0.01, 4, 'fd70a'],
    [0.999, 3, '00419'],
    [2 ** -56, 4, 'ffffffffffffff'],
  ])('for %f with %i digits is %s', (probability, precision, text) => {
    expect(thresholdText(thresholdFor(probability, precision) as bigint)).toBe(text);
  });

  test('come back from their text, and are close to the probability', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 14 }),
        (probability, precision) => {
          const threshold = thresholdFor(probability, precision) as bigint;
          expect(parseThreshold(thresholdText(threshold))).toBe(threshold);
          expect(Math.abs(probabilityOf(threshold) / probability - 1)).toBeLessThan(
            8 / 16 ** (precision - 1) + 2 ** -55 / probability,
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('trace states', () => {
  test.each(['a=b', 'ot=rv:0123456789abcd;th:8;k:v,a=b,t@sys=c d', ''])('%s comes back as it was', (text) => {
    const state = parseTraceState(text);
    expect(state === undefined ? undefined : formatTraceState(state)).toBe(text);
  });

  test.each([
    'A=b',
    'a',
    'a=b=c',
    'ot=th:',
    'ot=rv:12',
    'ot=x',
    `a=${'b'.repeat(300)}`,
    Array.from({ length: 33 }, (_, i) => `k${i}=v`).join(','),
  ])('%s is none', (text) => {
    expect(parseTraceState(text)).toBeUndefined();
  });
});

test.each([
  { sampling_percentage: -1 },
  { sampling_percentage: 1e-20 },
  { mode: 'random' },
  { sampling_precision: 0 },
  { sampling_precision: 15 },
  { hash_seed: 2 ** 32 },
])('%j is refused', (config) => {
  expect(definition.config.safeParse(config).success).toBe(false);
});

describe('rules', () => {
  const ids = Array.from({ length: 4000 }, (_, i) => Buffer.from(`trace-${i}`.padStart(16, '0')).toString('hex'));
  const config = {
    sampling_percentage: 100,
    trace_rules: [
      { condition: 'span.status.code == STATUS_CODE_ERROR', sampling_percentage: 100 },
      { condition: 'span.name == "http.requests"', sampling_percentage: 1 },
      { condition: 'span.name == "job.processing" and resource.attributes["tier"] == "b"', sampling_percentage: 10 },
    ],
  };
  const span = (name: string, traceId: string, code = 0) => ({ name, traceId, status: Status.from({ code }) });
  const keep = (name: string, resource = {}) =>
    sampled(
      config,
      spansBatch(
        ids.map((id) => span(name, id)),
        { resource },
      ),
    );

  test('give operations percentages of their own; all of them choose by the same traces', async () => {
    const requests = await keep('http.requests');
    const jobs = await keep('job.processing', { tier: 'b' });
    expect(requests.length / ids.length).toBeCloseTo(0.01, 2);
    expect(jobs.length / ids.length).toBeCloseTo(0.1, 1);
    const traces = new Set(jobs.map((each) => each.traceId));
    expect(requests.every((each) => traces.has(each.traceId))).toBe(true);
    expect(requests[0]?.traceState).toMatch(/^ot=rv:/);
  });

  test('that do not hold leave the rest to sampling_percentage, untouched at 100', async () => {
    for (const kept of [await keep('other'), await keep('job.processing', { tier: 'a' })]) {
      expect(kept).toHaveLength(ids.length);
      expect(kept.every((each) => each.traceState === '')).toBe(true);
    }
  });

  test('come in order: an error is kept whatever its operation, with or without a trace id', async () => {
    const errors = ids.map((id) => span('http.requests', id, 2));
    const kept = await sampled(config, spansBatch([...errors, span('http.requests', '', 2)]));
    expect(kept).toHaveLength(ids.length + 1);
  });

  test('are for one signal: log records have their own', async () => {
    const log_rules = [{ condition: 'log.severity_number >= SEVERITY_NUMBER_ERROR', sampling_percentage: 100 }];
    const logs = logsBatch([
      { traceId, severityNumber: 17 },
      { traceId, severityNumber: 9 },
    ]);
    const kept = await sampled({ ...config, sampling_percentage: 0, log_rules }, logs);
    expect(kept.map((log) => log.severityNumber)).toEqual([17]);
    expect(() => parseConfig(definition, { log_rules: config.trace_rules })).toThrow('expected a condition on log');
  });
});
