import type { DataPoint, FieldName, LogRecord, Metric, Place, Span, SpanEvent, Target } from '../../wire/index.ts';
import { Id, Instant, type Value } from '../run/value.ts';

/** What an expression looks at. The context it was compiled for decides which members are there. */
export interface View {
  readonly place: Place;
  /** A log record, span or data point. Undefined where only a resource or scope is looked at. */
  readonly record: LogRecord | Span | DataPoint | undefined;
  /** For `spanevent`: the event, and how many come before it in the span as the sender gave it. */
  readonly event?: SpanEvent;
  readonly eventIndex?: number;
}

export type FieldType = 'string' | 'int' | 'float' | 'bool' | 'any' | 'map' | 'list' | 'time' | 'id' | 'sequence';

/** One name of a path. */
export interface Field {
  readonly type: FieldType;
  read(view: View): Value;
  /** The same in an edit plan: a field, or the attributes of something. */
  readonly plan?: { readonly field: FieldName } | { readonly attributesOf: Target };
  /** Names that may follow. */
  readonly fields?: Fields;
  /** Whether the field is an entry of text by key, such as `trace_state["vendor"]`. */
  readonly entry?: (text: string, key: string) => Value;
}

export type Fields = ReadonlyMap<string, Field>;

export function int(value: number | bigint): bigint {
  return BigInt.asIntN(64, BigInt(value));
}

type Read<T> = (view: View) => T;

export function logOf(view: View): LogRecord {
  return view.record as LogRecord;
}

export function spanOf(view: View): Span {
  return view.record as Span;
}

export function metricOf(view: View): Metric {
  return view.place.metric as Metric;
}

export function text(read: Read<string>, plan?: FieldName): Field {
  return { type: 'string', read, ...(plan !== undefined && { plan: { field: plan } }) };
}

export function integer(read: Read<number | bigint>, plan?: FieldName): Field {
  return { type: 'int', read: (view) => int(read(view)), ...(plan !== undefined && { plan: { field: plan } }) };
}

/** `x` and `x_unix_nano`: the same moment as a time and as an int. */
export function moment(name: string, read: Read<bigint>): [string, Field][] {
  return [
    [name, { type: 'time', read: (view) => new Instant(read(view)) }],
    [`${name}_unix_nano`, integer(read)],
  ];
}

export function id(of: 'trace' | 'span', read: Read<string>): Field {
  const whole = (view: View): Id => new Id(of, read(view));
  return { type: 'id', read: whole, fields: new Map([['string', text((view) => whole(view).hex)]]) };
}
