import { maxHeadSize } from '../limits.ts';
import { cr, lf, tokenBytes } from './characters.ts';
import { HttpFault } from '../incoming.ts';
import type { Head } from './head.ts';
import { parseHead } from './parse-head.ts';

/** One more than a head may be, so that one that is too long is seen to be. */
const room = maxHeadSize + 1;

/** Reads one head after the other, in whatever pieces they come. */
export class HeadReader {
  private kept: Buffer | undefined;
  private length = 0;
  /** What `read` found. */
  head: Head | undefined;

  /** True where a head has begun and not ended. */
  get begun(): boolean {
    return this.length > 0;
  }

  /** Takes bytes from `from` on: the place after the head where it ends there, and the bytes' end where not. May throw HttpFault. */
  read(bytes: Buffer, from: number): number {
    if (this.length > 0) return this.readOn(bytes, from);
    this.checkStart(bytes[from] as number);
    const parsed = parseHead(bytes, from, bytes.length);
    this.head = parsed?.head;
    if (parsed !== undefined) return parsed.end;
    this.keep(bytes, from);
    return bytes.length;
  }

  private readOn(bytes: Buffer, from: number): number {
    const before = this.length;
    const taken = this.keep(bytes, from);
    const kept = this.kept as Buffer;
    // Lines are read whole: byte by byte, a long one would be read over and over.
    const complete = this.length === room || kept.subarray(before, this.length).includes(lf);
    const parsed = complete ? parseHead(kept, 0, this.length) : undefined;
    this.head = parsed?.head;
    if (parsed === undefined) return from + taken;
    this.length = 0;
    this.kept = undefined;
    return from + parsed.end - before;
  }

  /** Whoever speaks TLS or anything else is told so at once. */
  private checkStart(byte: number): void {
    if (tokenBytes[byte] === 0 && byte !== cr) throw new HttpFault(400, 'the connection does not begin with a request');
  }

  private keep(bytes: Buffer, from: number): number {
    const taken = Math.min(bytes.length - from, room - this.length);
    const needed = this.length + taken;
    if (this.kept === undefined || this.kept.length < needed) {
      const larger = Buffer.allocUnsafeSlow(Math.min(room, 2 * needed));
      this.kept?.copy(larger, 0, 0, this.length);
      this.kept = larger;
    }
    bytes.copy(this.kept, this.length, from, from + taken);
    this.length = needed;
    return taken;
  }
}
