/** What is known of a body's whole length once its first bytes are there; undefined until then. */
export type SizeHint = (start: Buffer) => number | undefined;

const empty = Buffer.alloc(0);
/** Most that is taken up front for a length that the peer only announced. */
const trusted = 1024 * 1024;

/** Gathers a body. One that comes in one piece is never copied. */
export class Body {
  length = 0;
  private bytes: Buffer = empty;
  private owned = false;
  private readonly hint: SizeHint | undefined;
  private expected: number | undefined;

  constructor(hint?: SizeHint) {
    this.hint = hint;
  }

  /** Gives the whole length as far as it is known: what was announced, or what has come. */
  add(piece: Buffer): number {
    const needed = this.length + piece.length;
    if (this.length === 0) this.bytes = piece;
    else this.append(piece, needed);
    this.length = needed;
    this.expected ??= this.hint?.(this.whole());
    return Math.max(needed, this.expected ?? 0);
  }

  whole(): Buffer {
    return this.bytes.length === this.length ? this.bytes : this.bytes.subarray(0, this.length);
  }

  private append(piece: Buffer, needed: number): void {
    if (!this.owned || this.bytes.length < needed) {
      const announced = Math.min(this.expected ?? 0, Math.max(trusted, needed * 2));
      const larger = Buffer.allocUnsafeSlow(
        Math.max(needed, announced, this.owned || this.expected === undefined ? needed * 2 : 0),
      );
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
      this.owned = true;
    }
    this.bytes.set(piece, this.length);
  }
}
