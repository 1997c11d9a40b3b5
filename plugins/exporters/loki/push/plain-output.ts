import { Bytes } from './bytes.ts';
import { piece, type Draft } from './draft.ts';
import type { Output } from './output.ts';

/** Writes a push as it is. */
export class PlainOutput implements Output {
  private readonly out = new Bytes();
  private draft: Draft | undefined;

  begin(draft: Draft, size: number): void {
    this.draft = draft;
    this.out.clear();
    this.out.ensure(size);
  }

  text(start: number, end: number): void {
    const { bytes } = this.draft as Draft;
    this.out.copy(bytes.array, bytes.view, start, end);
  }

  entry(entry: number): void {
    const draft = this.draft as Draft;
    let at = draft.startOf(entry);
    const end = draft.endOfPieces(entry);
    for (let i = draft.firstPiece(entry); i < end; i++) {
      const next = draft.pieces[i]!;
      if (next >= 0) this.text(draft.phrases[2 * next]!, draft.phrases[2 * next + 1]!);
      else {
        const from = at;
        at += ~next >> 2;
        if ((~next & 3) !== piece.skipped) this.text(from, at);
      }
    }
  }

  take(): Uint8Array {
    return this.out.array.slice(0, this.out.at);
  }
}
