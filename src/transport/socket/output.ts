import type { Socket } from 'node:net';
import { Slabs } from './slabs.ts';

/** Answers to many connections, each of a few hundred bytes, may be written in one turn: one of these for each. */
const smallSlabs = new Slabs(1024, 64, 2048);
const largeSlabs = new Slabs(32 * 1024, 1, 32);
/** Up to here copying is cheaper than one more element of a gathered write. */
const copyLimit = 4096;

/**
 * Gathers what one connection writes during a tick into one gathered write. Small pieces are copied side by side; large
 * ones go out as they are, and must not change until they have.
 */
export class Output {
  private readonly socket: Socket;
  /** Where `reserve` makes room. */
  protected slab: Buffer | undefined;
  private start = 0;
  private end = 0;
  private chunks: Uint8Array[] = [];
  private full: Buffer[] = [];
  private gathered = 0;
  private scheduled = false;
  /** Bytes that were handed to the socket so far. */
  written = 0;

  constructor(socket: Socket) {
    this.socket = socket;
  }

  /** Bytes that the peer has not taken yet. */
  get pending(): number {
    return this.gathered + this.socket.writableLength;
  }

  /** Text of characters up to U+00FF. */
  latin1(text: string): void {
    if (text.length > largeSlabs.size) return this.reference(Buffer.from(text, 'latin1'));
    const at = this.reserve(text.length);
    (this.slab as Buffer).write(text, at, 'latin1');
  }

  /** The bytes are free again when this returns. */
  copy(bytes: Uint8Array): void {
    if (bytes.length > largeSlabs.size) this.reference(Uint8Array.from(bytes));
    else this.copySmall(bytes);
  }

  /** `bytes[from, to)`, by reference where it is large. */
  data(bytes: Uint8Array, from: number, to: number): void {
    const whole = from === 0 && to === bytes.length;
    const piece = whole ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset + from, to - from);
    if (piece.length <= copyLimit) this.copySmall(piece);
    else this.reference(piece);
  }

  /** Writes everything now. */
  flush(): void {
    this.seal();
    const { chunks, socket } = this;
    if (chunks.length === 0) return;
    this.chunks = [];
    this.written += this.gathered;
    this.gathered = 0;
    if (!socket.writable) return;
    if (chunks.length === 1) {
      socket.write(chunks[0] as Uint8Array);
    } else {
      socket.cork();
      for (const chunk of chunks) socket.write(chunk);
      socket.uncork();
    }
    this.recycle();
  }

  private copySmall(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length);
    (this.slab as Buffer).set(bytes, at);
  }

  private reference(bytes: Uint8Array): void {
    this.seal();
    this.chunks.push(bytes);
    this.gathered += bytes.length;
    this.schedule();
  }

  /** Room for so many bytes in `slab`, at most 32 KiB: the place where it begins. */
  protected reserve(bytes: number): number {
    if (this.slab === undefined || this.end + bytes > this.slab.length) {
      this.seal();
      const first = this.slab === undefined;
      if (this.slab !== undefined) this.full.push(this.slab);
      this.slab = (first && bytes <= smallSlabs.size ? smallSlabs : largeSlabs).take();
      this.start = 0;
      this.end = 0;
    }
    const at = this.end;
    this.end += bytes;
    this.gathered += bytes;
    this.schedule();
    return at;
  }

  private seal(): void {
    if (this.slab === undefined || this.start === this.end) return;
    this.chunks.push(this.slab.subarray(this.start, this.end));
    this.start = this.end;
  }

  /** Slabs serve again once the kernel has their bytes; otherwise the socket still reads them and they are let go. */
  private recycle(): void {
    const { slab, full } = this;
    this.slab = undefined;
    if (full.length > 0) this.full = [];
    if (this.socket.writableLength > 0) return;
    for (const done of full) release(done);
    if (slab !== undefined) release(slab);
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    process.nextTick(flushScheduled, this);
  }

  /** For the tick queue alone. */
  flushScheduled(): void {
    this.scheduled = false;
    this.flush();
  }
}

function release(slab: Buffer): void {
  (slab.length === smallSlabs.size ? smallSlabs : largeSlabs).give(slab);
}

function flushScheduled(output: Output): void {
  output.flushScheduled();
}
