import type { AnyValue, RawValue } from '../codec/values.ts';

/** A value without what its encoding says beside it. */
export type PlainValue = Exclude<AnyValue, RawValue>;

/** Fields of a record as code gets them: where nothing is written, they are empty or 0, and a body is undefined. */
export interface FieldValues {
  readonly body: PlainValue | undefined;
  readonly severity_number: number;
  readonly severity_text: string;
  /** Of the span, or of the event that a log record is. */
  readonly name: string;
  readonly kind: number;
  readonly status_code: number;
  /** Good until the code returns. */
  readonly trace_id: Uint8Array;
  readonly trace_state: string;
}

/** A field of a log record or span that code of a step may read. */
export type CallField = keyof FieldValues;

/** What code may put in the place of a field. */
export interface WritableFields {
  readonly body: AnyValue;
  readonly trace_state: string;
}

/**
 * A resource, scope or record as the code of a step sees it, for as long as that runs. It reads and changes what the step
 * names, and nothing else is looked at. Lists and maps are copies. Throws RangeError for what the step does not name.
 */
export interface Editable {
  /** An attribute by key: undefined where it is absent, null where it has no value. Of a key that occurs twice, the first. */
  get(key: string): PlainValue | undefined;
  /** At its place where it is present, at the end where it is not. */
  set(key: string, value: AnyValue): void;
  delete(key: string): void;
  field<F extends CallField>(name: F): FieldValues[F];
  setField<F extends keyof WritableFields>(name: F, value: WritableFields[F]): void;
  /** Whether a condition of the step holds, by its position in `asks`. */
  holds(index: number): boolean;
  /** Goes through all attributes in order, those of a key that occurs twice included; `index` is for the methods below. */
  each(visit: (key: string, index: number) => void): void;
  /** The value where it is text; within `each`. */
  textAt(index: number): string | undefined;
  /** Any value, null where there is none; within `each`. */
  valueAt(index: number): PlainValue;
  /** Replaces a value; within `each`. */
  setAt(index: number, value: AnyValue): void;
  /** Within `each`. */
  removeAt(index: number): void;
}
