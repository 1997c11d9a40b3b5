import { countExternal } from '../../wire/index.ts';

/** What is known of a body's whole length once its first bytes are there; undefined until then. */
export type SizeHint = (start: Buffer) => number | undefined;

const empty = Buffer.alloc(0);
/** Most that is taken up front for a length that the peer only announced. */
const trusted = 1024 * 1024;

/** Small bodies stand side by side: a buffer of its own costs more than what is in it. Those of a slab come and go together. */
const slabSize = 128 * 1024;
const smallBody = 8 * 1024;
let slab = empty;
let used = 0;

function allocate(size: number): Buffer {
  if (size > smallBody) {
    countExternal(size);
    return Buffer.allocUnsafeSlow(size);
  }
  if (used + size > slab.length) {
    countExternal(slabSize);
    slab = Buffer.allocUnsafeSlow(slabSize);
    used = 0;
  }
  const from = used;
  used += (size + 7) & ~7;
  return slab.subarray(from, from + size);
}

/** Gathers a body. Pieces are copied: they are views of memory that is read into again. */
export class Body {
  length = 0;
  private bytes: Buffer = empty;
  private readonly hint: SizeHint | undefined;
  private expected: number | undefined;

  constructor(hint?: SizeHint) {
    this.hint = hint;
  }

  /** Gives the whole length as far as it is known: what was announced, or what has come. */
  add(piece: Buffer): number {
    const needed = this.length + piece.length;
    if (this.length === 0) this.expected = this.hint?.(piece);
    if (this.bytes.length < needed) this.grow(needed);
    this.bytes.set(piece, this.length);
    this.length = needed;
    this.expected ??= this.hint?.(this.whole());
    return Math.max(needed, this.expected ?? 0);
  }

  whole(): Buffer {
    return this.bytes.length === this.length ? this.bytes : this.bytes.subarray(0, this.length);
  }

  private grow(needed: number): void {
    const announced = Math.min(this.expected ?? 0, Math.max(trusted, needed * 2));
    // The first piece of a body of unknown length is often all of it.
    const room = this.length > 0 && this.expected === undefined ? needed * 2 : needed;
    const size = Math.max(room, announced);
    const larger = allocate(size);
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}
