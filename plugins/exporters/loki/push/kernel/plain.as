// Writes a push as it is.
import { copy } from './copy';
import { Entry, phraseAt, PLAIN, TEXT } from './draft';
import { bytes, output, pieces } from './places';

export function beginPlain(size: usize): void {
  output.renew(size);
}

export function copyEntry(entry: Entry): void {
  let at: usize = entry.start;
  const end = pieces.at + entry.endOfPieces;
  for (let p = pieces.at + entry.firstPiece; p < end; p += 4) {
    const piece = load<i32>(p);
    if (piece >= 0) {
      const phrase = phraseAt(piece);
      copyText(phrase.start, phrase.start + phrase.size);
      continue;
    }
    const from = at;
    const kind = <u32>~piece & 3;
    at += <usize>(<u32>~piece >> 2);
    if (kind == PLAIN || kind == TEXT) copyText(from, at);
  }
}

export function copyText(start: usize, end: usize): void {
  const size = end - start;
  copy(output.append(size), bytes.at + start, size);
}
