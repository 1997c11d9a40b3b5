import type { Body } from '../socket/body.ts';
import type { Headers } from './hpack/encoder.ts';

/** One request and its answer, from either side. */
export class Stream {
  readonly id: number;
  /** What may still be sent. */
  sendWindow: number;
  /** What the peer may still send. */
  receiveCredit: number;
  /** The peer sent END_STREAM. */
  remoteDone = false;
  /** We sent END_STREAM. */
  localDone = false;
  /** Bytes that count in the connection's receive window. */
  held = 0;
  body: Body | undefined;
  maxBody = 0;
  contentLength = -1;
  startedAt = 0;
  /** What is still to be sent. */
  outgoing: Outgoing | undefined;

  constructor(id: number, sendWindow: number, receiveCredit: number) {
    this.id = id;
    this.sendWindow = sendWindow;
    this.receiveCredit = receiveCredit;
  }
}

/** A body and what comes after it. Positions count `prefix` and `body` as one. */
export interface Outgoing {
  readonly prefix: Uint8Array;
  readonly body: Uint8Array;
  at: number;
  readonly trailers: Headers | undefined;
  /** When progress was looked for last in vain; 0 after progress. */
  progressAt: number;
}
