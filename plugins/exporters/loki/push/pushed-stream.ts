import type { Stream } from '../labels/guard.ts';

/** A stream of a push and where it stands in the request. */
export interface PushedStream {
  readonly stream: Stream;
  /** Entries in it. */
  readonly count: number;
  readonly start: number;
  readonly end: number;
  /** Times of its first and last entry, in seconds. */
  readonly oldest: number;
  readonly newest: number;
}
