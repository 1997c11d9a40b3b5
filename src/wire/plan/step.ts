import type { AnyValue } from '../codec/values.ts';
import type { CallField, Editable } from './editable.ts';

/** Where an attribute stands. `record` is a log record, a span or a data point. */
export type Target = 'resource' | 'scope' | 'record';

/**
 * Where a step takes its value from. Where the source is not there, the step does nothing.
 * A step on a resource reads resources only, a step on a scope reads resources and scopes; a step on records reads all.
 */
export type Source =
  | { readonly value: AnyValue }
  | { readonly attribute: string; readonly of: Target }
  /** Request metadata by header name, in lower case; several values are joined by `;`. */
  | { readonly header: string }
  /** `peer` is the sender's address with its port, `peer_host` without. */
  | { readonly meta: 'identity' | 'tenant' | 'peer' | 'peer_host' };

/** A field of a record, of its metric or of its scope. */
export type FieldName =
  | 'body'
  | 'severity_number'
  | 'severity_text'
  /** Of the span, of the metric, or of the event that a log record is. */
  | 'name'
  | 'kind'
  | 'status_code'
  | 'scope_name'
  | 'scope_version';

/**
 * What a condition looks at. `severity_number`, `kind` and `status_code` are numbers and the other fields but `body` are
 * text: what is not written is 0 or empty, and `exists` means that it is neither. A signal without the field never matches.
 */
export type Subject = { readonly attribute: string; readonly of: Target } | { readonly field: FieldName };

export type Condition =
  /** Of no conditions: true. */
  | { readonly all: readonly Condition[] }
  /** Of no conditions: false. */
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  /** Present at all; an attribute without a value is, unless it has to be `valued`: nothing set is no value, nor are bytes of no length. */
  | { readonly exists: Subject; readonly valued?: true }
  /** Equal in type and value; an int equals a double of the same number. */
  | { readonly equals: Subject; readonly value: string | number | bigint | boolean }
  /** Numbers only; anything else does not match. */
  | { readonly compare: Subject; readonly is: '<' | '<=' | '>' | '>='; readonly value: number | bigint }
  /** Text only, or the text form of a number or a bool. The pattern may match anywhere; its flags `g` and `y` mean nothing. */
  /** With `structured`, bytes match by their hex, and lists and maps by their JSON. */
  | { readonly matches: Subject; readonly pattern: RegExp; readonly structured?: true };

/** A change of attributes. With `when`, it is skipped where the condition does not hold. */
export type Change =
  /** insert: only where the key is absent; update: only where it is present; upsert: always. */
  | {
      readonly do: 'insert' | 'update' | 'upsert';
      readonly on: Target;
      readonly key: string;
      readonly from: Source;
      readonly when?: Condition;
    }
  /** By key, by pattern on the key, or both. `hash` writes lower-case hex of SHA-256, see `hashed`. */
  | {
      readonly do: 'delete' | 'hash';
      readonly on: Target;
      readonly key?: string;
      readonly pattern?: RegExp;
      readonly when?: Condition;
    }
  /** At its place; what had the new key before goes. */
  | { readonly do: 'rename'; readonly on: Target; readonly key: string; readonly to: string; readonly when?: Condition }
  /** Named groups of the pattern become attributes (upsert) where the value of the key is text and matches. */
  | {
      readonly do: 'extract';
      readonly on: Target;
      readonly key: string;
      readonly pattern: RegExp;
      readonly when?: Condition;
    }
  /** Leaves alone what cannot be converted, see `converted`. */
  | {
      readonly do: 'convert';
      readonly on: Target;
      readonly key: string;
      readonly to: 'int' | 'double' | 'string';
      readonly when?: Condition;
    };

/**
 * Code on just the values that it names; the rest of the message is not looked at. It has no effects but on the message: where
 * that is written in an unusual way, it is called twice.
 */
export interface Call {
  readonly do: 'call';
  readonly on: Target;
  readonly when?: Condition;
  /** Attributes that it reads or changes by key. */
  readonly keys?: readonly string[];
  /** Fields that it reads or changes. Of log records and spans only. */
  readonly fields?: readonly CallField[];
  /** Conditions that it may ask for. */
  readonly asks?: readonly Condition[];
  /** It goes through all attributes. On spans, it is also called for each of their events, for its attributes alone. */
  readonly all?: true;
  /** `false` drops the record; on a resource or scope it means nothing. */
  readonly call: (message: Editable) => boolean | void;
}

/**
 * One change or decision for every record of a batch. Steps run in order; a later one sees what an earlier one did. The
 * conditions of a step on a resource or scope may look no further in than the step itself. Where a key occurs twice, the
 * first counts, and a change leaves only that one.
 */
export type Step =
  /** Drops the record. A metric, scope or resource that loses its last record goes too; one that came empty stays. */
  | { readonly do: 'drop'; readonly when: Condition }
  /** Decides once for several changes, all on the same target: what the first does has no bearing on whether the second runs. */
  | { readonly do: 'if'; readonly on: Target; readonly when: Condition; readonly steps: readonly Change[] }
  | Call
  | Change;
