import { MalformedError } from '../batch.ts';
import { countExternal } from '../external-memory.ts';

/** Zero bytes behind the input: no loop needs a bounds check, because zero ends every JSON token, and words may be read past the end. */
const padding = 64;
/** Buffers up to this size are kept from one call to the next. */
const kept = 1 << 22;
const initial = 1 << 16;

/**
 * One conversion under way: the input and where reading stands, the output and where writing stands.
 * Its buffers are reused, so it serves one call at a time. `lo`, `hi` and `negative` are the integer read last.
 */
export class Transfer {
  input = new Uint8Array(initial);
  inputView = new DataView(this.input.buffer);
  end = 0;
  pos = 0;
  out = new Uint8Array(initial);
  outView = new DataView(this.out.buffer);
  at = 0;
  depth = 0;
  maxDepth = 0;
  count = 0;
  lo = 0;
  hi = 0;
  negative = false;

  /** Starts over with `bytes` as the input. */
  begin(bytes: Uint8Array, maxDepth: number): void {
    if (bytes.length + padding > this.input.length) this.use(bytes);
    else {
      this.input.set(bytes);
      this.input.fill(0, bytes.length, bytes.length + padding);
      this.end = bytes.length;
      this.pos = 0;
    }
    this.at = 0;
    this.depth = 0;
    this.maxDepth = maxDepth;
    this.count = 0;
  }

  /** Goes on with a padded copy of `bytes` as the input; the input so far is as it was. */
  use(bytes: Uint8Array): void {
    this.input = new Uint8Array(bytes.length + padding);
    this.inputView = new DataView(this.input.buffer);
    this.input.set(bytes);
    this.end = bytes.length;
    this.pos = 0;
  }

  /** What was written, as a copy of its own size. */
  result(): Uint8Array {
    countExternal(this.at);
    return this.out.slice(0, this.at);
  }

  /** Lets go of buffers that grew large. */
  release(): void {
    if (this.input.length > kept) {
      this.input = new Uint8Array(initial);
      this.inputView = new DataView(this.input.buffer);
    }
    if (this.out.length > kept) {
      this.out = new Uint8Array(initial);
      this.outView = new DataView(this.out.buffer);
    }
  }
}

/** Makes `out` hold at least `size` more bytes behind `at`. */
export function ensure(s: Transfer, size: number): void {
  if (s.out.length - s.at < size) grow(s, size);
}

function grow(s: Transfer, size: number): void {
  const grown = new Uint8Array(Math.max(s.out.length * 2, s.at + size));
  grown.set(s.out.subarray(0, s.at));
  s.out = grown;
  s.outView = new DataView(grown.buffer);
}

/** The error for input that is not what the grammar asks for at `offset`. */
export function expected(s: Transfer, what: string, offset: number): MalformedError {
  return new MalformedError(`expected ${what}, found ${found(s, offset)}`, offset);
}

function found(s: Transfer, offset: number): string {
  if (offset >= s.end) return 'the end of the input';
  const byte = s.input[offset]!;
  return byte > 0x20 && byte < 0x7f ? `'${String.fromCharCode(byte)}'` : `0x${byte.toString(16).padStart(2, '0')}`;
}

/** The bytes from `from` to `to` as text, one character a byte. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
}
