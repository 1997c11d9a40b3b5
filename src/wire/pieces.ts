import { FieldReader, varintSize, writeVarint } from './fields.ts';
import type { Range } from './tree.ts';

// Tag and length of a message, at the most that batches of this size need.
const frameSize = 6;

/** A message on the way from the request down to the records. */
export interface Ancestor {
  readonly source: Range;
  readonly tag: number;
  /** Its fields that do not lead to records. They go into every piece of it. */
  readonly own: readonly Range[];
  /** Bytes that it takes to begin it in a new piece. */
  readonly openingSize: number;
}

/** A message of a piece that is being put together. */
export interface Part {
  readonly ancestor: Ancestor;
  readonly pieces: (Range | Part)[];
}

/** The message in `source`; `children` are the fields that lead on to the records. */
export function ancestorOf(bytes: Uint8Array, source: Range, tag: number, children: readonly number[]): Ancestor {
  const reader = new FieldReader(bytes, source.start, source.end);
  const own: Range[] = [];
  while (reader.next()) {
    if (reader.wireType !== 2 || !children.includes(reader.number))
      own.push({ start: reader.start, end: reader.valueEnd });
  }
  const openingSize = own.reduce((size, field) => size + field.end - field.start, frameSize);
  return { source, tag, own, openingSize };
}

/** How many messages of the line are open already. */
export function sharedDepth(open: readonly Part[], line: readonly Ancestor[]): number {
  let depth = 0;
  while (depth < line.length && open[depth]?.ancestor === line[depth]) depth += 1;
  return depth;
}

/** Puts bytes of the source below the last message of `line`; `open` are the messages that are open, and becomes that line. */
export function place(open: Part[], line: readonly Ancestor[], piece: Range): void {
  open.length = sharedDepth(open, line);
  for (const ancestor of line.slice(open.length)) {
    const part: Part = { ancestor, pieces: [...ancestor.own] };
    open.at(-1)?.pieces.push(part);
    open.push(part);
  }
  open.at(-1)?.pieces.push(piece);
}

/** The bytes of a request that was put together of pieces of `source`. */
export function assembled(request: Part, source: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(contentSize(request));
  writeContent(request, source, bytes, 0);
  return bytes;
}

function contentSize(part: Part): number {
  let size = 0;
  for (const piece of part.pieces) {
    if ('pieces' in piece) {
      const content = contentSize(piece);
      size += varintSize(piece.ancestor.tag) + varintSize(content) + content;
    } else size += piece.end - piece.start;
  }
  return size;
}

function writeContent(part: Part, source: Uint8Array, target: Uint8Array, at: number): number {
  let p = at;
  for (const piece of part.pieces) {
    if ('pieces' in piece) {
      p = writeVarint(target, p, piece.ancestor.tag);
      p = writeVarint(target, p, contentSize(piece));
      p = writeContent(piece, source, target, p);
    } else {
      target.set(source.subarray(piece.start, piece.end), p);
      p += piece.end - piece.start;
    }
  }
  return p;
}
