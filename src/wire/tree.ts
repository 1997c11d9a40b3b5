import type { Batch, Signal } from './batch.ts';
import { FieldReader } from './fields.ts';

/** A message within a batch, by the place of its bytes. The tag and length before them are not part of it. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Which fields lead from a request down to its records, a step each.
 * A metric has one step more, since its points stand in one of five kinds of data.
 */
export const recordPath = {
  logs: [[1], [2], [2]],
  traces: [[1], [2], [2]],
  metrics: [[1], [2], [2], [5, 7, 9, 10, 11], [1]],
} as const satisfies Record<Signal, readonly (readonly number[])[]>;

/** The ResourceLogs, ResourceSpans or ResourceMetrics of a batch. */
export function resourcesOf(batch: Batch): Generator<Range> {
  return childrenOf(batch.bytes, { start: 0, end: batch.bytes.length }, 1);
}

/** The ScopeLogs, ScopeSpans or ScopeMetrics of one of them. */
export function scopesOf(batch: Batch, resource: Range): Generator<Range> {
  return childrenOf(batch.bytes, resource, 2);
}

/** The log records, spans or metrics of one scope. */
export function recordsOf(batch: Batch, scope: Range): Generator<Range> {
  return childrenOf(batch.bytes, scope, 2);
}

/** The messages that stand in one field of another, in order. */
export function* childrenOf(bytes: Uint8Array, parent: Range, field: number): Generator<Range> {
  const reader = new FieldReader(bytes, parent.start, parent.end);
  while (reader.next()) {
    if (reader.number === field && reader.wireType === 2) yield { start: reader.valueStart, end: reader.valueEnd };
  }
}

/** Counts the records below a message that stands `depth` steps down the path. */
export function countBelow(
  bytes: Uint8Array,
  range: Range,
  path: readonly (readonly number[])[],
  depth: number,
): number {
  const children = path[depth];
  if (children === undefined) return 1;
  const reader = new FieldReader(bytes, range.start, range.end);
  let count = 0;
  const last = depth === path.length - 1;
  while (reader.next()) {
    if (reader.wireType !== 2 || !children.includes(reader.number)) continue;
    count += last ? 1 : countBelow(bytes, { start: reader.valueStart, end: reader.valueEnd }, path, depth + 1);
  }
  return count;
}
