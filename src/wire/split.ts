import { withBytes, type Batch, type Signal } from './batch.ts';
import { FieldReader } from './fields.ts';
import { ancestorOf, assembled, place, sharedDepth, type Ancestor, type Part } from './pieces.ts';
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
    return ancestorOf(this.batch.bytes, source, tag, this.path[depth] as readonly number[]);
  }

  private sizeOf(line: readonly Ancestor[], piece: Range, records: number): number {
    if (this.measure === 'count') return records;
    const opening = line.slice(sharedDepth(this.open, line)).reduce((size, message) => size + message.openingSize, 0);
    return opening + piece.end - piece.start;
  }

  private append(line: readonly Ancestor[], piece: Range, records: number): void {
    this.used += this.sizeOf(line, piece, records);
    this.count += records;
    place(this.open, line, piece);
  }

  private close(): void {
    const [request] = this.open;
    if (request === undefined) return;
    this.done.push(withBytes(this.batch, assembled(request, this.batch.bytes), this.count));
    this.open = [];
    this.used = 0;
    this.count = 0;
  }
}
