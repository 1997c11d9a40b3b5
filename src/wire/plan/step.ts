import type { AnyValue } from '../codec/values.ts';

/** Where an attribute stands. `record` is a log record, a span or a data point. */
export type Target = 'resource' | 'scope' | 'record';

/** Where a step takes its value from. */
export type Source =
  | { readonly value: AnyValue }
  | { readonly attribute: string; readonly of: Target }
  /** Request metadata by header name, several values joined by `;`. */
  | { readonly header: string }
  | { readonly meta: 'identity' | 'tenant' | 'peer' };

/** What a condition looks at. Everything but `attribute` belongs to the record, or to its metric. */
export type Subject =
  | { readonly attribute: string; readonly of: Target }
  | { readonly field: 'body' | 'severity_number' | 'severity_text' | 'name' | 'kind' | 'status_code' | 'scope_name' | 'scope_version' };

export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  /** Present at all. */
  | { readonly exists: Subject }
  /** Equal in type and value; an int equals a double of the same number. */
  | { readonly equals: Subject; readonly value: string | number | bigint | boolean }
  /** Numbers only; anything else does not match. */
  | { readonly compare: Subject; readonly is: '<' | '<=' | '>' | '>='; readonly value: number | bigint }
  /** Text only, or the text form of a number or a bool. */
  | { readonly matches: Subject; readonly pattern: RegExp };

/**
 * One change or decision for every record of a batch. Steps run in order; a later one sees what an earlier one did.
 * With `when`, a step is skipped where the condition does not hold.
 */
export type Step =
  | { readonly do: 'drop'; readonly when: Condition }
  /** insert: only where the key is absent; update: only where it is present; upsert: always. */
  | { readonly do: 'insert' | 'update' | 'upsert'; readonly on: Target; readonly key: string; readonly from: Source; readonly when?: Condition }
  /** By key, by pattern on the key, or both. */
  | { readonly do: 'delete' | 'hash'; readonly on: Target; readonly key?: string; readonly pattern?: RegExp; readonly when?: Condition }
  | { readonly do: 'rename'; readonly on: Target; readonly key: string; readonly to: string; readonly when?: Condition }
  /** Named groups of the pattern become attributes (upsert) where the value of the key matches. */
  | { readonly do: 'extract'; readonly on: Target; readonly key: string; readonly pattern: RegExp; readonly when?: Condition }
  | { readonly do: 'convert'; readonly on: Target; readonly key: string; readonly to: 'int' | 'double' | 'string'; readonly when?: Condition };
