const MiB = 1024 * 1024;

/**
 * The connection's receive window. It opens again as requests are done with, not as bytes arrive: a peer that sends faster
 * than its requests are settled has to wait. Unfinished bodies alone never close it, for they could not end then.
 */
export class ReceiveWindow {
  private readonly size: number;
  /** What is granted at a time while nothing but unfinished bodies fills the window. */
  private readonly minimum: number;
  /** What the peer may still send. */
  credit = 65_535;
  /** Bytes of bodies that are not done with. */
  held = 0;

  constructor(size: number) {
    this.size = size;
    this.minimum = Math.min(MiB, Math.ceil(size / 4));
  }

  /** False where the peer sent more than it might. */
  take(bytes: number): boolean {
    this.credit -= bytes;
    this.held += bytes;
    return this.credit >= 0;
  }

  release(bytes: number): void {
    this.held -= bytes;
  }

  /** The increment to announce now, often 0. `busy`: some request is being answered, so bytes will be released. */
  grant(busy: boolean): number {
    const room = this.size - this.held - this.credit;
    let increment = room >= this.size / 4 ? room : 0;
    if (increment === 0 && !busy && this.credit < this.minimum / 2) increment = this.minimum;
    this.credit += increment;
    return increment;
  }
}
