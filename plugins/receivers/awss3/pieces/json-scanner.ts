import { DamagedError } from '../inflate.ts';
import { ByteQueue } from './byte-queue.ts';

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const space = 0x20;
/** White space is below or at the space. */
const isSpace = (byte: number): boolean => byte <= space;

const listEnd = Buffer.from(']}');
const listHeader = /^\s*\{\s*"\w+"\s*:\s*\[$/;
const onlyEnd = /^\s*\]\s*\}$/;
const longestHeader = 1000;

/** Finds the ends of requests, and of the resources in them, by brackets and strings alone. */
export class JsonScanner {
  private readonly target: number;
  private readonly queue = new ByteQueue();
  /** Up to here, in the queue, the bytes were looked at. */
  private at = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** `{"resourceLogs":[` of the request that is open. */
  private header: Uint8Array | undefined = undefined;
  private inList = false;
  /** What the queue begins with stands in a list of which pieces went before. */
  private continued = false;
  private elements = 0;

  constructor(target: number) {
    this.target = target;
  }

  /** Bytes that belong to a piece that is not complete. */
  get held(): number {
    return this.queue.bytes.length;
  }

  /** Whether a request has begun and not ended. */
  get open(): boolean {
    return this.depth > 0;
  }

  push(chunk: Uint8Array): void {
    this.queue.push(chunk);
  }

  /** The next complete request; undefined where more bytes are needed. Throws DamagedError. */
  next(): Uint8Array | undefined {
    const { bytes } = this.queue;
    for (let at = this.at; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (byte === backslash) this.escaped = true;
        else if (byte === quote) this.inString = false;
        continue;
      }
      if (byte === quote && this.depth > 0) this.inString = true;
      else if (byte === openBrace || byte === openBracket) this.enter(bytes, at, byte);
      else if (byte === closeBrace || byte === closeBracket) {
        const piece = this.leave(at);
        if (piece === undefined) continue;
        this.at = 0;
        if (piece.length > 0) return piece;
        return this.next();
      } else if (this.depth === 0 && !isSpace(byte)) throw new DamagedError('no JSON object where one should begin');
    }
    this.at = bytes.length;
    return undefined;
  }

  private enter(bytes: Uint8Array, at: number, byte: number): void {
    if (this.depth === 0 && byte === openBracket) throw new DamagedError('a JSON array where an object should begin');
    this.depth += 1;
    if (this.depth !== 2 || byte !== openBracket || at > longestHeader || this.header !== undefined) return;
    const text = Buffer.from(bytes.subarray(0, at + 1));
    if (!listHeader.test(text.toString('latin1'))) return;
    this.header = text;
    this.inList = true;
  }

  /** The piece that ends with this bracket, empty where there is nothing in it; undefined where none does. */
  private leave(at: number): Uint8Array | undefined {
    this.depth -= 1;
    if (this.depth < 0) throw new DamagedError('a bracket closes what was never opened');
    if (this.depth === 0) {
      const rest = this.queue.take(at + 1);
      // A cut behind the last resource leaves nothing but the end of the list.
      const nothing = this.continued && this.elements === 0 && onlyEnd.test(Buffer.from(rest).toString('latin1'));
      const piece = nothing ? new Uint8Array(0) : this.joined(rest);
      this.continued = false;
      this.header = undefined;
      this.elements = 0;
      return piece;
    }
    if (this.depth === 1) this.inList = false;
    if (this.depth !== 2 || !this.inList) return undefined;
    this.elements += 1;
    if (at + 1 < this.target) return undefined;
    const piece = Buffer.concat([this.joined(this.queue.take(at + 1)), listEnd]);
    this.continued = true;
    this.elements = 0;
    return piece;
  }

  /** Puts the header in front of what follows a cut, in place of the comma. */
  private joined(bytes: Uint8Array): Uint8Array {
    if (!this.continued || this.header === undefined) return bytes;
    let start = 0;
    while (start < bytes.length && (isSpace(bytes[start] as number) || bytes[start] === comma)) start++;
    return Buffer.concat([this.header, bytes.subarray(start)]);
  }
}
