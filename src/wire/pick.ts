import { withBytes, type Batch, type Signal } from './batch.ts';
import { FieldReader, varintSize, writeVarint } from './fields.ts';
import { recordPath, type Range } from './tree.ts';

/**
 * The batch without the records that are not wanted; `wanted` is asked once for each, by its place in the batch, in order.
 * What stands around a record stays around it, and goes where none of its records is wanted.
 */
export function pickRecords<S extends Signal>(batch: Batch<S>, wanted: (index: number) => boolean): Batch<S> {
  const picker = new Picker(batch, wanted);
  const content = picker.content({ start: 0, end: batch.bytes.length }, 0);
  if (picker.kept === batch.count) return batch;
  const bytes = new Uint8Array(content?.size ?? 0);
  if (content !== undefined) write(content, batch.bytes, bytes, 0);
  return withBytes(batch, bytes, picker.kept);
}

/** What is left of a message: its fields as they are, and messages with less in them. */
interface Content {
  readonly pieces: (Range | { readonly tag: number; readonly content: Content })[];
  size: number;
}

class Picker {
  private readonly batch: Batch;
  private readonly wanted: (index: number) => boolean;
  private readonly path: readonly (readonly number[])[];
  private seen = 0;
  kept = 0;

  constructor(batch: Batch, wanted: (index: number) => boolean) {
    this.batch = batch;
    this.wanted = wanted;
    this.path = recordPath[batch.signal];
  }

  /** Undefined where no record below the message is wanted. */
  content({ start, end }: Range, depth: number): Content | undefined {
    const children = this.path[depth] as readonly number[];
    const content: Content = { pieces: [], size: 0 };
    const before = this.kept;
    const reader = new FieldReader(this.batch.bytes, start, end);
    while (reader.next()) {
      const whole = { start: reader.start, end: reader.valueEnd };
      if (reader.wireType !== 2 || !children.includes(reader.number)) add(content, whole);
      else if (depth === this.path.length - 1) {
        if (this.keeps()) add(content, whole);
      } else {
        const inner = this.content({ start: reader.valueStart, end: reader.valueEnd }, depth + 1);
        if (inner !== undefined) addMessage(content, reader.number * 8 + 2, inner);
      }
    }
    return this.kept > before ? content : undefined;
  }

  private keeps(): boolean {
    const keeps = this.wanted(this.seen);
    this.seen += 1;
    if (keeps) this.kept += 1;
    return keeps;
  }
}

function add(content: Content, field: Range): void {
  const last = content.pieces.at(-1);
  content.size += field.end - field.start;
  if (last !== undefined && 'end' in last && last.end === field.start)
    content.pieces[content.pieces.length - 1] = { start: last.start, end: field.end };
  else content.pieces.push(field);
}

function addMessage(content: Content, tag: number, inner: Content): void {
  content.pieces.push({ tag, content: inner });
  content.size += varintSize(tag) + varintSize(inner.size) + inner.size;
}

function write({ pieces }: Content, source: Uint8Array, target: Uint8Array, at: number): number {
  let p = at;
  for (const piece of pieces) {
    if ('content' in piece) {
      p = writeVarint(target, p, piece.tag);
      p = writeVarint(target, p, piece.content.size);
      p = write(piece.content, source, target, p);
    } else {
      target.set(source.subarray(piece.start, piece.end), p);
      p += piece.end - piece.start;
    }
  }
  return p;
}
