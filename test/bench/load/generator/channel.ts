import type { Payload } from '../data/payload.ts';

/** A request that is ready to be sent; its buffer may change again when its answer is there. */
export interface Message {
  readonly payload: Payload;
  /** Writes the sequence numbers from `first` on into the records. */
  stamp(first: number): void;
  /** Resolves to whether the answer was OK. Rejects where there is none. */
  send(): Promise<boolean>;
}

/** Connections to a system under test. */
export interface Channel {
  /** Opens what is not open, before a turn. */
  ready(): Promise<void>;
  /** A message with a buffer of its own where it is stamped, on the connection of slot `slot`. */
  message(payload: Payload, slot: number): Message;
  close(): Promise<void>;
}

/** Writes sequence numbers behind `at`, the place of the payload in `view`. */
export function stamp(view: DataView, at: number, ids: Uint32Array, first: number): void {
  for (let index = 0; index < ids.length; index++) view.setUint32(at + (ids[index] as number), first + index, true);
}
