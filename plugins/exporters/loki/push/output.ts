import type { Draft } from './draft.ts';

/** Makes one form of a push request. */
export interface Output {
  /** Begins a request of `size` bytes, as many as it has in protobuf, of what is in this draft. */
  begin(draft: Draft, size: number): void;
  /** Appends bytes of the draft. */
  text(start: number, end: number): void;
  entry(entry: number): void;
  /** What was made, as a copy. */
  take(): Uint8Array;
}
