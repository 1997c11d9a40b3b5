import type { Signal } from '../batch.ts';

/** Field numbers on the way from a request to its records. */
export interface Levels {
  /** Of the list of scopes in a resource's message, and of the list of entries in a scope's. */
  readonly scopes: number;
  readonly entries: number;
  /** Of the attributes of a log record or span; points have theirs by kind. */
  readonly attributes: number;
}

export const levels: Readonly<Record<Signal, Levels>> = {
  logs: { scopes: 2, entries: 2, attributes: 6 },
  traces: { scopes: 2, entries: 2, attributes: 9 },
  metrics: { scopes: 2, entries: 2, attributes: 0 },
};

/** Field number of a metric's data, by which its kind is known, to that of a point's attributes. */
export const pointAttributes: ReadonlyMap<number, number> = new Map([
  [5, 7],
  [7, 7],
  [9, 9],
  [10, 1],
  [11, 7],
]);

export const resourceAttributes = 1;
export const scopeAttributes = 3;
export const metricAttributes = 12;
