import fc from 'fast-check';
import type { Meta, Signal } from '../../batch.ts';
import {
  Decoded,
  ExponentialHistogram,
  ExponentialHistogramDataPoint,
  Gauge,
  Histogram,
  HistogramDataPoint,
  LogRecord,
  Metric,
  NumberDataPoint,
  Resource,
  ResourceGroup,
  Scope,
  ScopeGroup,
  Span,
  SpanEvent,
  Status,
  Sum,
  Summary,
  SummaryDataPoint,
} from '../../codec/records.ts';
import { Attributes, type AnyValue } from '../../codec/values.ts';
import { checkPlacement } from '../levels.ts';
import type { CallField } from '../editable.ts';
import type { Call, Change, Condition, FieldName, Source, Step, Subject, Target } from '../step.ts';

// Few keys and values, so that steps meet them; some of each length, and some that only patterns know.
const key = fc.constantFrom('a', 'b', 'env', 'http.route', 'http.method', '__proto__', 'ключ', '', 'k'.repeat(130));
const text = fc.constantFrom('', 'x', '/health', '12', '-3.5', 'user=ann id=7', 'größe', 'y'.repeat(200));
const scalar: fc.Arbitrary<AnyValue> = fc.oneof(
  text,
  fc.constantFrom<AnyValue>(0n, 5n, -1n, 12n, 2n ** 62n, -(2n ** 63n)),
  fc.constantFrom<AnyValue>(0, 5, -3.5, 1e21, Number.NaN, Infinity),
  fc.boolean(),
);
const value: fc.Arbitrary<AnyValue> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 4 }) },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 2 }) },
  { weight: 1, arbitrary: fc.array(fc.tuple(key, scalar), { maxLength: 2 }).map((pairs) => Attributes.from(pairs)) },
);

const attributes = fc
  .array(fc.tuple(key, fc.option(value, { nil: undefined, freq: 12 })), { maxLength: 7 })
  .map((pairs) => Attributes.from(pairs));

const logRecord = fc
  .record({
    severityNumber: fc.constantFrom(0, 5, 9, 17, 200, -1),
    severityText: text,
    body: fc.option(value, { nil: undefined }),
    eventName: fc.constantFrom('', 'x'),
    traceId: fc.constantFrom('', '0102030405060708090a0b0c0d0e0f10'),
    attributes,
    flags: fc.nat(3),
  })
  .map((fields) => LogRecord.from(fields));

const span = fc
  .record({
    name: text,
    kind: fc.nat(5),
    traceState: fc.constantFrom('', 'ot=th:8'),
    attributes,
    code: fc.option(fc.nat(2)),
    inner: attributes,
  })
  .map(({ code, inner, ...fields }) =>
    Span.from({
      ...fields,
      traceId: '0102030405060708090a0b0c0d0e0f10',
      events: inner.size > 3 ? [SpanEvent.from({ name: 'e', attributes: inner })] : [],
      status: code === null ? undefined : Status.from({ code, message: 'm' }),
    }),
  );

const metric = fc
  .record({ name: text, type: fc.nat(5), sets: fc.array(attributes, { maxLength: 3 }) })
  .map(({ name, type, sets }) => {
    const number = sets.map((each, i) => NumberDataPoint.from({ attributes: each, asInt: BigInt(i) }));
    const kinds: Partial<Metric>[] = [
      { gauge: Gauge.from({ dataPoints: number }) },
      { sum: Sum.from({ dataPoints: number, isMonotonic: true }) },
      {
        histogram: Histogram.from({
          dataPoints: sets.map((each) => HistogramDataPoint.from({ attributes: each, count: 3n })),
        }),
      },
      {
        exponentialHistogram: ExponentialHistogram.from({
          dataPoints: sets.map((each) => ExponentialHistogramDataPoint.from({ attributes: each, scale: -1 })),
        }),
      },
      {
        summary: Summary.from({ dataPoints: sets.map((each) => SummaryDataPoint.from({ attributes: each, sum: 2 })) }),
      },
      {},
    ];
    return Metric.from({ name, ...kinds[type] });
  });

const entries = { logs: logRecord, traces: span, metrics: metric } as const;

/** A decoded request with up to a dozen records. */
export function telemetry<S extends Signal>(signal: S): fc.Arbitrary<Decoded<S>> {
  const scopeGroup = fc
    .record({
      scope: fc.option(fc.record({ name: text, version: fc.constantFrom('', '1'), attributes }), {
        nil: undefined,
        freq: 4,
      }),
      records: fc.array<unknown>(entries[signal] as fc.Arbitrary<unknown>, { maxLength: 4 }),
    })
    .map(({ scope, records }) =>
      Object.assign(new ScopeGroup<S>(), { scope: scope === undefined ? undefined : Scope.from(scope), records }),
    );
  const resourceGroup = fc
    .record({
      resource: fc.option(attributes, { nil: undefined, freq: 4 }),
      scopes: fc.array(scopeGroup, { maxLength: 3 }),
    })
    .map(({ resource, scopes }) =>
      Object.assign(new ResourceGroup<S>(), {
        resource:
          resource === undefined ? undefined : Resource.from({ attributes: resource, droppedAttributesCount: 1 }),
        scopes,
      }),
    );
  return fc
    .array(resourceGroup, { maxLength: 3 })
    .map((resources) => Object.assign(new Decoded(signal), { resources }));
}

const target = fc.constantFrom<Target>('resource', 'scope', 'record', 'record', 'record');
const field = fc.constantFrom<FieldName>(
  'body',
  'severity_number',
  'severity_text',
  'name',
  'kind',
  'status_code',
  'scope_name',
  'scope_version',
);
const subject: fc.Arbitrary<Subject> = fc.oneof(fc.record({ attribute: key, of: target }), fc.record({ field }));
const number = fc.constantFrom<number | bigint>(0, 5, 5n, 9, -3.5, 2n ** 62n);
const pattern = fc.constantFrom(/^\/health$/, /\d/, /^$/, /true/, /e/);

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2 },
    fc.record({ exists: subject }),
    fc.record({ exists: subject, valued: fc.constant(true as const) }),
    fc.record({ equals: subject, value: fc.oneof(text, number, fc.boolean()) }),
    fc.record({ compare: subject, is: fc.constantFrom('<', '<=', '>', '>='), value: number }),
    fc.record({ matches: subject, pattern }),
    fc.record({ matches: subject, pattern, structured: fc.constant(true as const) }),
    fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ) as fc.Arbitrary<Condition>,
}));

const source: fc.Arbitrary<Source> = fc.oneof(
  fc.record({ value }),
  fc.record({ attribute: key, of: target }),
  fc.record({ header: fc.constantFrom('x-tenant', 'x-absent') }),
  fc.record({ meta: fc.constantFrom('identity', 'tenant', 'peer', 'peer_host') }),
);
const keyPattern = fc.constantFrom(/^http\./, /e/, /^$/, /proto/);
const when = fc.option(condition, { nil: undefined });

const drop = fc.record({ do: fc.constant('drop' as const), when: condition });
const change = fc
  .oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constantFrom('insert', 'update', 'upsert'), on: target, key, from: source, when }),
    },
    {
      weight: 3,
      arbitrary: fc
        .record({
          do: fc.constantFrom('delete', 'hash'),
          on: target,
          key: fc.option(key, { nil: undefined }),
          pattern: fc.option(keyPattern, { nil: undefined }),
          when,
        })
        .filter((step) => step.key !== undefined || step.pattern !== undefined),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('rename'), on: target, key, to: key, when }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('extract'),
        on: target,
        key,
        pattern: fc.constant(/user=(?<a>\w+)(?: id=(?<id>\d+))?/),
        when,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('convert'),
        on: target,
        key,
        to: fc.constantFrom('int', 'double', 'string'),
        when,
      }),
    },
  )
  .map(withoutUndefined) as fc.Arbitrary<Change>;
/** Code that reads, changes and drops by what it finds; the same at every call. */
function code({ keys, fields, asks, all, drops, written }: CodeOptions): Call['call'] {
  return (message) => {
    const [first, second] = keys;
    let found = first === undefined ? undefined : message.get(first);
    for (const name of fields) {
      const value = message.field(name);
      found ??= value;
      if (name === 'trace_state') message.setField(name, written === 'x' ? '' : `ot=${message.field(name)}`);
      if (name === 'body' && typeof value === 'string') message.setField(name, `${value}!`);
      if (name === 'body' && Array.isArray(value)) message.setField(name, [...value, written]);
    }
    if (all) {
      message.each((name, index) => {
        const text = message.textAt(index);
        if (text === undefined) {
          const value = message.valueAt(index);
          if (typeof value === 'boolean') message.setAt(index, [value, name]);
          if (value instanceof Attributes) message.setAt(index, value);
        } else if (text === 'x') message.removeAt(index);
        else if (name.length < 5) message.setAt(index, `${text}+`);
      });
    }
    const asked = asks.map((_condition, i) => message.holds(i));
    if (second !== undefined && found !== undefined) message.set(second, found);
    if (first !== undefined && asked[0] === true) message.delete(first);
    return !(drops && asked.includes(false));
  };
}

interface CodeOptions {
  readonly keys: readonly string[];
  readonly fields: readonly CallField[];
  readonly asks: readonly Condition[];
  readonly all: boolean;
  readonly drops: boolean;
  readonly written: AnyValue;
}

const call = fc
  .record({
    on: target,
    when,
    keys: fc.uniqueArray(key, { maxLength: 3 }),
    fields: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      fc.uniqueArray(
        fc.constantFrom<CallField>(
          'body',
          'severity_number',
          'severity_text',
          'name',
          'kind',
          'trace_id',
          'trace_state',
        ),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    asks: fc.array(condition, { maxLength: 2 }),
    all: fc.boolean(),
    drops: fc.boolean(),
    written: value,
  })
  .map((options): Step => {
    const { on, when, keys, fields, asks, all } = options;
    // Events have attributes alone.
    const inner = all && on === 'record' ? { fields: [], asks: [] } : { fields, asks };
    const step = { do: 'call', on, when, keys, ...inner, ...(all && { all }), call: code({ ...options, ...inner }) };
    return withoutUndefined(step) as Step;
  });
const decision = fc
  .record({ on: target, when: condition, steps: fc.array(change, { maxLength: 3 }) })
  .map(({ on, when, steps }): Step => ({ do: 'if', on, when, steps: steps.map((each) => ({ ...each, on })) }));
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: drop },
  { weight: 6, arbitrary: change },
  { weight: 1, arbitrary: decision },
  { weight: 2, arbitrary: call },
);

/** Steps that may follow each other for a signal: none looks further in than it stands. */
export function stepList(signal: Signal): fc.Arbitrary<Step[]> {
  return fc.array(
    anyStep.filter((step) => isPlaced(signal, step)),
    { maxLength: 6 },
  );
}

function withoutUndefined(step: object): object {
  return Object.fromEntries(Object.entries(step).filter(([, each]) => each !== undefined));
}

function isPlaced(signal: Signal, step: Step): boolean {
  try {
    checkPlacement(signal, [step]);
    return true;
  } catch {
    return false;
  }
}

export const requestFacts: Meta = {
  receivedAt: 0,
  peer: '[::1]:4317',
  tenant: 'acme',
  headers: new Map([['x-tenant', ['one', 'two']]]),
};
