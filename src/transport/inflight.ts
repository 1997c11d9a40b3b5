/** A budget of bytes for requests that are being read or answered. What exceeds it is refused, to be sent again later. */
export class InflightBytes {
  readonly limit: number;
  held = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** A single request always has its place while nothing else is held, however large it is. */
  take(bytes: number): boolean {
    if (this.held > 0 && this.held + bytes > this.limit) return false;
    this.held += bytes;
    return true;
  }

  release(bytes: number): void {
    this.held -= bytes;
  }
}
