import type { Signal } from '../batch.ts';
import { Attributes, type AnyValue } from '../codec/values.ts';
import type { DataPoint, LogRecord, Metric, Resource, Scope, Span } from '../codec/records.ts';
import { plain, textOf } from './change.ts';
import { sameNumber } from './conditions.ts';
import { stateless } from './levels.ts';
import type { Condition, FieldName, Subject, Target } from './step.ts';

/** Where a decoded record stands. Resource and scope are made where they are asked for and the sender gave none. */
export interface Surroundings {
  readonly signal: Signal;
  readonly resource: Resource;
  readonly scope: Scope;
  readonly metric: Metric | undefined;
}

/** What a step looks at: a record, or for a step on a resource or scope, just the surroundings. */
export interface View {
  readonly place: Surroundings;
  readonly record: LogRecord | Span | DataPoint | undefined;
}

export function attributesOf(view: View, target: Target): Attributes {
  if (target === 'record') return view.record?.attributes ?? new Attributes();
  return view.place[target].attributes;
}

/** Whether a condition holds for a decoded record. The same as the kernel says of its bytes. */
export function holds(condition: Condition, view: View): boolean {
  if ('all' in condition) return condition.all.every((each) => holds(each, view));
  if ('any' in condition) return condition.any.some((each) => holds(each, view));
  if ('not' in condition) return !holds(condition.not, view);
  if ('exists' in condition) return exists(condition.exists, view, condition.valued === true);
  if ('equals' in condition) return equals(valueOf(condition.equals, view), condition.value);
  if ('compare' in condition) return compares(valueOf(condition.compare, view), condition.is, condition.value);
  const text = matchable(valueOf(condition.matches, view), condition.structured === true);
  return text !== undefined && stateless(condition.pattern).test(text);
}

function exists(subject: Subject, view: View, valued: boolean): boolean {
  if (valued) {
    const value = valueOf(subject, view);
    if (value === undefined || value === null || (value instanceof Uint8Array && value.length === 0)) return false;
  }
  if ('attribute' in subject) return attributesOf(view, subject.of).has(subject.attribute);
  const value = valueOf(subject, view);
  if (value === undefined || value === null) return false;
  return subject.field === 'body' || (value !== '' && value !== 0);
}

function equals(value: AnyValue | undefined, wanted: string | number | bigint | boolean): boolean {
  if (typeof wanted === 'string' || typeof wanted === 'boolean') return value === wanted;
  return (typeof value === 'number' || typeof value === 'bigint') && sameNumber(value, wanted);
}

function compares(value: AnyValue | undefined, is: '<' | '<=' | '>' | '>=', than: number | bigint): boolean {
  if (typeof value !== 'number' && typeof value !== 'bigint') return false;
  if (is === '<') return value < than;
  if (is === '<=') return value <= than;
  return is === '>' ? value > than : value >= than;
}

function matchable(value: AnyValue | undefined, structured: boolean): string | undefined {
  if (structured && value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (structured && (Array.isArray(value) || value instanceof Attributes)) return textOf(value);
  const scalar =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
  return scalar ? textOf(value) : undefined;
}

/** What a subject is, without what its encoding says beside it; undefined where it is not there. */
function valueOf(subject: Subject, view: View): AnyValue | undefined {
  if ('attribute' in subject) return plain(attributesOf(view, subject.of).get(subject.attribute));
  const value = fieldOf(subject.field, view);
  return value === undefined ? undefined : plain(value);
}

/** A field of a record, of its metric or of its scope; undefined where the signal has none, or it is not there. */
export function fieldOf(field: FieldName, view: View): AnyValue | undefined {
  const { signal } = view.place;
  if (field === 'scope_name') return view.place.scope.name;
  if (field === 'scope_version') return view.place.scope.version;
  if (signal === 'metrics') return field === 'name' ? view.place.metric?.name : undefined;
  return signal === 'logs' ? logField(field, view.record as LogRecord) : spanField(field, view.record as Span);
}

function logField(field: FieldName, record: LogRecord): AnyValue | undefined {
  if (field === 'body') return record.body;
  if (field === 'severity_number') return record.severityNumber;
  if (field === 'severity_text') return record.severityText;
  return field === 'name' ? record.eventName : undefined;
}

function spanField(field: FieldName, record: Span): AnyValue | undefined {
  if (field === 'name') return record.name;
  if (field === 'kind') return record.kind;
  return field === 'status_code' ? (record.status?.code ?? 0) : undefined;
}
