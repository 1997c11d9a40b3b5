import { putSigned, putUnsigned } from '../json/put-digits.ts';
import { readEnd } from '../json/read-wire.ts';
import { ensure, Transfer } from '../json/transfer.ts';
import { enterValue, member, putValue } from './put-value.ts';

/** Below this, copying byte by byte beats a call. */
const short = 24;

/** Bytes that are being written, and the encoded message that they are about. */
export class TextOutput {
  protected readonly transfer = new Transfer();

  /** Bytes written so far. */
  get length(): number {
    return this.transfer.at;
  }

  /** Takes back what was written beyond this length. */
  cut(length: number): void {
    this.transfer.at = length;
  }

  /** What was written, as a view: the next write may change or move it. */
  bytes(from = 0, to = this.transfer.at): Buffer {
    return Buffer.from(this.transfer.out.buffer, from, to - from);
  }

  /** A copy of all that was written; writing begins anew. */
  take(): Uint8Array {
    const result = this.transfer.result();
    this.transfer.at = 0;
    this.transfer.releaseOutput();
    return result;
  }

  byte(byte: number): void {
    const s = this.transfer;
    ensure(s, 1);
    s.out[s.at++] = byte;
  }

  /** Appends text of ASCII characters only. */
  ascii(text: string): void {
    const s = this.transfer;
    ensure(s, text.length);
    for (let i = 0; i < text.length; i++) s.out[s.at++] = text.charCodeAt(i);
  }

  utf8(text: string): void {
    const s = this.transfer;
    ensure(s, 3 * text.length);
    s.at += Buffer.from(s.out.buffer).write(text, s.at);
  }

  raw(bytes: Uint8Array): void {
    const s = this.transfer;
    ensure(s, bytes.length);
    if (bytes.length < short) for (let i = 0; i < bytes.length; i++) s.out[s.at++] = bytes[i]!;
    else {
      s.out.set(bytes, s.at);
      s.at += bytes.length;
    }
  }

  /** Appends bytes of the message as they are. */
  rawBytes(start: number, end: number): void {
    const s = this.transfer;
    const size = end - start;
    ensure(s, size);
    if (size < short) for (let p = start; p < end; p++) s.out[s.at++] = s.input[p]!;
    else {
      s.out.set(s.input.subarray(start, end), s.at);
      s.at += size;
    }
  }

  /** Appends an AnyValue as text: a string as it is, nothing where nothing is set, everything else as its JSON. */
  rawValue(start: number, end: number): void {
    const s = this.transfer;
    const tag = enterValue(s, start, end);
    if (tag === member.string) {
      const stop = readEnd(s, end);
      this.rawBytes(s.pos, stop);
    } else if (tag === member.bytes) {
      const mark = s.at;
      putValue(s, start, end);
      // Base64 without its quotes.
      s.out.copyWithin(mark, mark + 1, s.at - 1);
      s.at -= 2;
    } else if (tag !== 0) putValue(s, start, end);
  }

  /** Appends the decimal digits of the 64-bit number at `at`. */
  protected digits(at: number, signed: boolean): void {
    const s = this.transfer;
    ensure(s, 24);
    s.lo = s.inputView.getInt32(at, true);
    s.hi = s.inputView.getInt32(at + 4, true);
    if (signed) putSigned(s);
    else putUnsigned(s);
  }
}
