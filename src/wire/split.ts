import { withBytes, type Batch, type Signal } from './batch.ts';
import { FieldReader, varintSize, writeVarint } from './fields.ts';
import { countBelow, recordPath, type Range } from './tree.ts';

/** Cuts a batch into batches of at most `max` records, all but the last of them full. Data points count, as everywhere. */
export function splitByCount<S extends Signal>(batch: Batch<S>, max: number): Batch<S>[] {
  if (batch.count <= max) return [batch];
  return new Splitter(batch, Math.max(1, max), 'count').run();
}

/**
 * Cuts a batch into batches of at most `max` bytes each. A single record that is larger, with its resource and scope
 * around it, becomes a batch of its own.
 */
export function splitByBytes<S extends Signal>(batch: Batch<S>, max: number): Batch<S>[] {
  if (batch.bytes.length <= max) return [batch];
  return new Splitter(batch, Math.max(1, max), 'bytes').run();
}

// Tag and length of a message, at the most that batches of this size need.
const frameSize = 6;

/** A message on the way from the request down to the records. */
interface Ancestor {
  readonly source: Range;
  readonly tag: number;
  /** Its fields that do not lead to records. They go into every piece of it. */
  readonly own: readonly Range[];
  /** Bytes that it takes to begin it in a new piece. */
  readonly openingSize: number;
}

/** A message of the piece that is being put together. */
interface Part {
  readonly ancestor: Ancestor;
  readonly pieces: (Range | Part)[];
}

class Splitter<S extends Signal> {
  private readonly batch: Batch<S>;
  private readonly max: number;
  private readonly measure: 'count' | 'bytes';
  private readonly path: readonly (readonly number[])[];
  private readonly done: Batch<S>[] = [];
  /** The messages that are open in the current piece, the request first. */
  private open: Part[] = [];
  private used = 0;
  private count = 0;

  constructor(batch: Batch<S>, max: number, measure: 'count' | 'bytes') {
    this.batch = batch;
    this.max = max;
    this.measure = measure;
    this.path = recordPath[batch.signal];
  }

  run(): Batch<S>[] {
    this.placeChildren([this.ancestor({ start: 0, end: this.batch.bytes.length }, 0, 0)]);
    this.close();
    return this.done;
  }

  /** Places what stands below the last message of `line`, whole where it fits and in parts where it does not. */
  private placeChildren(line: readonly Ancestor[]): void {
    const { bytes } = this.batch;
    const { source } = line.at(-1) as Ancestor;
    const depth = line.length;
    const children = this.path[depth - 1] as readonly number[];
    const reader = new FieldReader(bytes, source.start, source.end);
    while (reader.next()) {
      if (reader.wireType !== 2 || !children.includes(reader.number)) continue;
      const whole = { start: reader.start, end: reader.valueEnd };
      const inner = { start: reader.valueStart, end: reader.valueEnd };
      const records = countBelow(bytes, inner, this.path, depth);
      if (this.used + this.sizeOf(line, whole, records) > this.max) {
        if (depth < this.path.length && records > 0) {
          this.placeChildren([...line, this.ancestor(inner, reader.number * 8 + 2, depth)]);
          continue;
        }
        this.close();
      }
      this.append(line, whole, records);
    }
  }

  private ancestor(source: Range, tag: number, depth: number): Ancestor {
    const children = this.path[depth] as readonly number[];
    const reader = new FieldReader(this.batch.bytes, source.start, source.end);
    const own: Range[] = [];
    while (reader.next()) {
      if (reader.wireType !== 2 || !children.includes(reader.number))
        own.push({ start: reader.start, end: reader.valueEnd });
    }
    const openingSize = own.reduce((size, field) => size + field.end - field.start, frameSize);
    return { source, tag, own, openingSize };
  }

  private sizeOf(line: readonly Ancestor[], piece: Range, records: number): number {
    if (this.measure === 'count') return records;
    const opening = line.slice(this.shared(line)).reduce((size, message) => size + message.openingSize, 0);
    return opening + piece.end - piece.start;
  }

  /** How many messages of the line are open already. */
  private shared(line: readonly Ancestor[]): number {
    let depth = 0;
    while (depth < line.length && this.open[depth]?.ancestor === line[depth]) depth += 1;
    return depth;
  }

  private append(line: readonly Ancestor[], piece: Range, records: number): void {
    this.used += this.sizeOf(line, piece, records);
    this.count += records;
    this.open.length = this.shared(line);
    for (const ancestor of line.slice(this.open.length)) {
      const part: Part = { ancestor, pieces: [...ancestor.own] };
      this.open.at(-1)?.pieces.push(part);
      this.open.push(part);
    }
    this.open.at(-1)?.pieces.push(piece);
  }

  private close(): void {
    const [request] = this.open;
    if (request === undefined) return;
    const bytes = new Uint8Array(contentSize(request));
    writeContent(request, this.batch.bytes, bytes, 0);
    this.done.push(withBytes(this.batch, bytes, this.count));
    this.open = [];
    this.used = 0;
    this.count = 0;
  }
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
