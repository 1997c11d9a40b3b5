import { Bytes } from './bytes.ts';
import { Draft, piece } from './draft.ts';
import type { Output } from './output.ts';
import { TextIndex } from './text-index.ts';

/** A literal of up to so many bytes has its length in its tag. */
const shortLiteral = 60;
const longestCopy = 64;
/** Copies from further back than this take two bytes more. */
const near = 65_536;
/** Positions start over beyond this. */
const lastPosition = 2 ** 30;

/**
 * Writes a push as a block of Snappy, without framing, as Loki takes it. A phrase that is in it already is a copy of that place, however
 * far back; the other bytes are searched for what they have in common with earlier ones where that is likely.
 * Format: https://github.com/google/snappy/blob/main/format_description.txt
 */
export class SnappyOutput implements Output {
  private readonly out = new Bytes();
  private readonly index = new TextIndex();
  private draft = new Draft();
  /** Where each phrase was written last. Positions go on from block to block, so that those of earlier blocks are below `first`. */
  private places = new Int32Array(1024);
  private first = 1;
  private position = 1;
  /** The literal that can still grow: where its tag is, and its length. */
  private literalAt = 0;
  private literalLength = shortLiteral;

  begin(draft: Draft, size: number): void {
    if (this.position + size > lastPosition) {
      this.position = 1;
      this.places.fill(0);
      this.index.clear();
    }
    this.draft = draft;
    this.first = this.position;
    if (draft.phraseCount > this.places.length) this.places = new Int32Array(2 * draft.phraseCount);
    this.literalLength = shortLiteral;
    this.out.clear();
    this.out.varint(size);
  }

  entry(entry: number): void {
    const { draft, places, first } = this;
    const { pieces, phrases } = draft;
    let at = draft.startOf(entry);
    const end = draft.endOfPieces(entry);
    for (let i = draft.firstPiece(entry); i < end; i++) {
      const next = pieces[i]!;
      if (next >= 0) {
        const place = places[next]!;
        places[next] = this.position;
        if (place < first) this.text(phrases[2 * next]!, phrases[2 * next + 1]!);
        else this.copy(place, phrases[2 * next + 1]! - phrases[2 * next]!);
      } else {
        const from = at;
        at += ~next >> 2;
        const kind = ~next & 3;
        if (kind === piece.plain) this.literal(from, at);
        else if (kind === piece.text) this.text(from, at);
      }
    }
  }

  text(start: number, end: number): void {
    const { index, first } = this;
    const { view } = this.draft.bytes;
    const shift = this.position - start;
    let literal = start;
    for (;;) {
      const found = index.find(view, literal, end, shift, first);
      if (found < 0) break;
      if (found > literal) this.literal(literal, found);
      this.copy(index.place, index.length);
      literal = found + index.length;
    }
    if (end > literal) this.literal(literal, end);
  }

  take(): Uint8Array {
    return this.out.array.slice(0, this.out.at);
  }

  private literal(start: number, end: number): void {
    const { out } = this;
    const length = end - start;
    out.ensure(length + 8);
    this.position += length;
    if (length > shortLiteral) return this.longLiteral(start, end);
    let { at } = out;
    let total = this.literalLength + length;
    if (total > shortLiteral) {
      this.literalAt = at++;
      total = length;
    }
    this.literalLength = total;
    out.array[this.literalAt] = (total - 1) << 2;
    const from = this.draft.bytes.view;
    const to = out.view;
    for (let p = 0; p < length; p += 4) to.setInt32(at + p, from.getInt32(start + p, true), true);
    out.at = at + length;
  }

  /** A literal whose length stands behind its tag. */
  private longLiteral(start: number, end: number): void {
    const { out } = this;
    const { array, view } = this.draft.bytes;
    const last = end - start - 1;
    const width = last < 256 ? 1 : last < 65_536 ? 2 : last < 16_777_216 ? 3 : 4;
    out.array[out.at] = (shortLiteral - 1 + width) << 2;
    out.view.setInt32(out.at + 1, last, true);
    out.at += 1 + width;
    out.copy(array, view, start, end);
    this.literalLength = shortLiteral;
  }

  /** `length` bytes from `place` on once more. */
  private copy(place: number, length: number): void {
    const { out } = this;
    const offset = this.position - place;
    this.position += length;
    this.literalLength = shortLiteral;
    if (offset >= near) return this.farCopy(offset, length);
    out.ensure(8 + (length >> 4));
    let { at } = out;
    let left = length;
    for (; left > longestCopy; left -= longestCopy, at += 3)
      out.view.setInt32(at, ((longestCopy - 1) << 2) | 2 | (offset << 8), true);
    out.view.setInt32(at, ((left - 1) << 2) | 2 | (offset << 8), true);
    out.at = at + 3;
  }

  private farCopy(offset: number, length: number): void {
    const { out } = this;
    out.ensure(8 + (length >> 3));
    for (let left = length; left > 0; left -= longestCopy, out.at += 5) {
      out.array[out.at] = ((Math.min(left, longestCopy) - 1) << 2) | 3;
      out.view.setInt32(out.at + 1, offset, true);
    }
  }
}
