import type { InflightBytes } from '../inflight.ts';

/** The process holds as many request bytes as it may; the sender should try again shortly. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

/** The bytes that one request holds of the process's budget, until `release`. */
export class Hold {
  private readonly inflight: InflightBytes;
  private bytes = 0;
  private over = false;

  constructor(inflight: InflightBytes) {
    this.inflight = inflight;
  }

  /** Throws a BusyError where there is no room, or the request is over. */
  take(bytes: number): void {
    if (this.over || !this.inflight.take(bytes)) throw new BusyError('too much data in flight');
    this.bytes += bytes;
  }

  release(): void {
    this.inflight.release(this.bytes);
    this.bytes = 0;
    this.over = true;
  }
}
