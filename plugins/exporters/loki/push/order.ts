import type { Stream } from '../labels/guard.ts';
import { varintSize, wordsOf, type Bytes } from './bytes.ts';

/** A stream of a push and where it stands in the request. */
export interface PushedStream {
  readonly stream: Stream;
  /** Entries in it. */
  readonly count: number;
  readonly start: number;
  readonly end: number;
  /** Times of its first and last entry, in seconds. */
  readonly oldest: number;
  readonly newest: number;
}

const streamTag = 0x0a;
const labelsTag = 0x0a;

/** Which encoded entry belongs to which stream, and its time. Entries lie one behind the other, in the order of `add`. */
export class EntryOrder {
  private seconds = new Float64Array(1024);
  private nanos = new Int32Array(1024);
  private ends = new Int32Array(1024);
  private slots = new Int32Array(1024);
  private readonly streams: Stream[] = [];
  private readonly slotOf = new Map<Stream, number>();
  private lastStream: Stream | undefined;
  private lastSlot = 0;
  count = 0;

  clear(): void {
    this.count = 0;
    this.streams.length = 0;
    this.slotOf.clear();
    this.lastStream = undefined;
  }

  /** An entry that ends at `end`, in bytes. */
  add(stream: Stream, seconds: number, nanos: number, end: number): void {
    if (this.count === this.ends.length) this.grow();
    if (stream !== this.lastStream) this.enter(stream);
    const i = this.count++;
    this.seconds[i] = seconds;
    this.nanos[i] = nanos;
    this.ends[i] = end;
    this.slots[i] = this.lastSlot;
  }

  /** Writes a push request: each stream once, with its entries sorted by time. Equal times keep their order. */
  write(entries: Bytes, out: Bytes): PushedStream[] {
    const { sorted, begins } = this.bySlot();
    return this.streams.map((stream, slot) => {
      const own = sorted.subarray(begins[slot], begins[slot + 1]);
      if (!this.isSorted(own)) own.sort((a, b) => this.compare(a, b));
      const start = out.at;
      this.writeStream(stream, own, entries, out);
      const [oldest = 0, newest = 0] = [this.seconds[own[0]!], this.seconds[own.at(-1)!]];
      return { stream, count: own.length, start, end: out.at, oldest, newest };
    });
  }

  private writeStream({ text }: Stream, own: Int32Array, entries: Bytes, out: Bytes): void {
    const labels = wordsOf(Buffer.from(text));
    let size = 1 + varintSize(labels.length) + labels.length;
    for (let k = 0; k < own.length; k++) size += this.ends[own[k]!]! - this.start(own[k]!);
    out.ensure(size + 16);
    out.array[out.at++] = streamTag;
    out.varint(size);
    out.array[out.at++] = labelsTag;
    out.varint(labels.length);
    out.words(labels);
    for (let k = 0; k < own.length;) {
      const first = own[k]!;
      let last = first;
      while (++k < own.length && own[k] === last + 1) last++;
      out.copy(entries.array, entries.view, this.start(first), this.ends[last]!);
    }
  }

  /** Indexes of the entries, stream by stream, and where each stream begins among them. */
  private bySlot(): { readonly sorted: Int32Array; readonly begins: Int32Array } {
    const { count, slots } = this;
    const begins = new Int32Array(this.streams.length + 1);
    for (let i = 0; i < count; i++) begins[slots[i]! + 1]!++;
    for (let slot = 0; slot < this.streams.length; slot++) begins[slot + 1]! += begins[slot]!;
    const next = begins.slice();
    const sorted = new Int32Array(count);
    for (let i = 0; i < count; i++) sorted[next[slots[i]!]!++] = i;
    return { sorted, begins };
  }

  private start(index: number): number {
    return index === 0 ? 0 : this.ends[index - 1]!;
  }

  private isSorted(own: Int32Array): boolean {
    for (let k = 1; k < own.length; k++) if (this.compare(own[k - 1]!, own[k]!) > 0) return false;
    return true;
  }

  private compare(a: number, b: number): number {
    return this.seconds[a]! - this.seconds[b]! || this.nanos[a]! - this.nanos[b]! || a - b;
  }

  private enter(stream: Stream): void {
    let slot = this.slotOf.get(stream);
    if (slot === undefined) {
      slot = this.streams.push(stream) - 1;
      this.slotOf.set(stream, slot);
    }
    this.lastStream = stream;
    this.lastSlot = slot;
  }

  private grow(): void {
    const size = 2 * this.ends.length;
    const grown = <T extends Float64Array | Int32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.seconds = grown(this.seconds, new Float64Array(size));
    this.nanos = grown(this.nanos, new Int32Array(size));
    this.ends = grown(this.ends, new Int32Array(size));
    this.slots = grown(this.slots, new Int32Array(size));
  }
}
