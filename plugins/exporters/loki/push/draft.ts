import { Bytes, varintSize } from './bytes.ts';

const entryTag = 0x12;
/** Room in front of an entry for its tag and length. */
const headRoom = 6;

/** Kinds of pieces, beside phrases. */
export const piece = { plain: 0, text: 1, skipped: 2 } as const;

/**
 * The entries of a push while their order is not known. An entry is a row of pieces: phrases, which it shares with others, and bytes of
 * its own. All bytes are in one place, those of a phrase where it was learned.
 */
export class Draft {
  /** What is written here belongs to the entry that was begun last. */
  readonly bytes = new Bytes();
  /**
   * A phrase by its number. Other pieces stand one behind the other and say `~(4 * length + kind)`: plain bytes; a text, which may have
   * something in common with others; bytes that do not belong to the entry, as a phrase was learned there.
   */
  pieces = new Int32Array(1 << 14);
  private pieceCount = 0;
  /** Where each phrase begins and ends. */
  phrases = new Int32Array(2 * 1024);
  phraseCount = 0;
  /** Of each entry: its first piece, the one behind its last, where its bytes begin, its size. */
  private entries = new Int32Array(4 * 1024);
  private entryCount = 0;
  /** Of the entry that was begun last: where it begins, where bytes begin that are in no piece, how many are in phrases or skipped. */
  private start = 0;
  private mark = 0;
  private shared = 0;

  clear(): void {
    this.bytes.clear();
    this.pieceCount = this.phraseCount = this.entryCount = this.mark = 0;
  }

  beginEntry(): void {
    this.bytes.ensure(64);
    this.bytes.at += headRoom;
    this.start = this.mark = this.bytes.at;
    this.shared = 0;
    if (4 * this.entryCount === this.entries.length) this.entries = grown(this.entries);
    this.entries[4 * this.entryCount] = this.pieceCount;
  }

  /** Takes back the entry that was begun. No phrase may have been learned since. */
  dropEntry(): void {
    this.bytes.at = this.mark = this.start - headRoom;
    this.pieceCount = this.entries[4 * this.entryCount]!;
  }

  /** What was written since `start` is a text. */
  text(start: number): void {
    this.cut(start, piece.plain);
    this.cut(this.bytes.at, piece.text);
  }

  /** Appends a phrase to the entry. */
  phrase(phrase: number): void {
    const { phrases } = this;
    const { at } = this.bytes;
    if (at > this.mark || this.pieceCount === this.pieces.length) this.cut(at, piece.plain);
    this.pieces[this.pieceCount++] = phrase;
    this.shared += phrases[2 * phrase + 1]! - phrases[2 * phrase]!;
  }

  /** Takes what was written since `start` out of the entry and makes a phrase of it; gives its number. */
  learn(start: number): number {
    const { at } = this.bytes;
    this.cut(start, piece.plain);
    this.cut(at, piece.skipped);
    this.shared -= at - start;
    if (2 * this.phraseCount === this.phrases.length) this.phrases = grown(this.phrases);
    this.phrases[2 * this.phraseCount] = start;
    this.phrases[2 * this.phraseCount + 1] = at;
    return this.phraseCount++;
  }

  /** Ends the entry and gives its number. Its first piece must be bytes of its own. */
  endEntry(): number {
    const { bytes, start, entries } = this;
    this.cut(bytes.at, piece.plain);
    const size = bytes.at - start + this.shared;
    const head = 1 + varintSize(size);
    const end = bytes.at;
    bytes.at = start - head;
    bytes.array[bytes.at++] = entryTag;
    bytes.varint(size);
    bytes.at = end;
    const row = 4 * this.entryCount;
    this.pieces[entries[row]!]! -= 4 * head;
    entries[row + 1] = this.pieceCount;
    entries[row + 2] = start - head;
    entries[row + 3] = head + size;
    return this.entryCount++;
  }

  firstPiece(entry: number): number {
    return this.entries[4 * entry]!;
  }

  endOfPieces(entry: number): number {
    return this.entries[4 * entry + 1]!;
  }

  /** Where the entry's own bytes begin. */
  startOf(entry: number): number {
    return this.entries[4 * entry + 2]!;
  }

  /** Bytes of the entry, its tag and length included. */
  sizeOf(entry: number): number {
    return this.entries[4 * entry + 3]!;
  }

  /** Bytes up to `end` that are in no piece become one. Leaves room for one more. */
  private cut(end: number, kind: number): void {
    if (this.pieceCount + 2 > this.pieces.length) this.pieces = grown(this.pieces);
    if (end === this.mark) return;
    this.pieces[this.pieceCount++] = ~(4 * (end - this.mark) + kind);
    this.mark = end;
  }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const result = new Int32Array(2 * array.length);
  result.set(array);
  return result;
}
