import type { Stream } from '../labels/guard.ts';
import { varintSize } from './bytes.ts';
import type { Draft } from './draft.ts';

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

/** Which encoded entry belongs to which stream, and its time. Entries lie one behind the other, in the order of `add`. */
export class EntryOrder {
  private readonly draft: Draft;
  private seconds = new Float64Array(1024);
  private nanos = new Int32Array(1024);
  private slots = new Int32Array(1024);
  private readonly known: Stream[] = [];
  private sorted = new Int32Array(0);
  private readonly sizes: number[] = [];
  private begins = new Int32Array(1);
  private readonly slotOf = new Map<Stream, number>();
  private lastStream: Stream | undefined;
  private lastSlot = 0;
  count = 0;

  constructor(draft: Draft) {
    this.draft = draft;
  }

  clear(): void {
    this.count = 0;
    this.known.length = 0;
    this.slotOf.clear();
    this.lastStream = undefined;
  }

  /** The entry that the draft got last. */
  add(stream: Stream, seconds: number, nanos: number): void {
    if (this.count === this.slots.length) this.grow();
    if (stream !== this.lastStream) this.enter(stream);
    const i = this.count++;
    this.seconds[i] = seconds;
    this.nanos[i] = nanos;
    this.slots[i] = this.lastSlot;
  }

  /** The streams of the push that has all that was added. */
  streams(): PushedStream[] {
    this.bySlot();
    let start = 0;
    return this.known.map((stream, slot) => {
      const own = this.sorted.subarray(this.begins[slot], this.begins[slot + 1]);
      if (!this.isSorted(own)) own.sort((a, b) => this.compare(a, b));
      const labels = Buffer.byteLength(stream.text);
      let size = 1 + varintSize(labels) + labels;
      for (let k = 0; k < own.length; k++) size += this.draft.sizeOf(own[k]!);
      const [oldest = 0, newest = 0] = [this.seconds[own[0]!], this.seconds[own.at(-1)!]];
      const end = start + 1 + varintSize(size) + size;
      const pushed = { stream, count: own.length, start, end, oldest, newest };
      this.sizes[slot] = size;
      start = end;
      return pushed;
    });
  }

  /** Bytes of a stream in the push, without its tag and length. */
  size(stream: Stream): number {
    return this.sizes[this.slotOf.get(stream) as number]!;
  }

  /** The entries of a stream, sorted by time. Equal times keep their order. */
  entries(stream: Stream): Int32Array {
    const slot = this.slotOf.get(stream) as number;
    return this.sorted.subarray(this.begins[slot], this.begins[slot + 1]);
  }

  private bySlot(): void {
    const { count, slots } = this;
    const begins = new Int32Array(this.known.length + 1);
    for (let i = 0; i < count; i++) begins[slots[i]! + 1]!++;
    for (let slot = 0; slot < this.known.length; slot++) begins[slot + 1]! += begins[slot]!;
    const next = begins.slice();
    const sorted = new Int32Array(count);
    for (let i = 0; i < count; i++) sorted[next[slots[i]!]!++] = i;
    this.sorted = sorted;
    this.begins = begins;
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
      slot = this.known.push(stream) - 1;
      this.slotOf.set(stream, slot);
    }
    this.lastStream = stream;
    this.lastSlot = slot;
  }

  private grow(): void {
    const size = 2 * this.slots.length;
    const grown = <T extends Float64Array | Int32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.seconds = grown(this.seconds, new Float64Array(size));
    this.nanos = grown(this.nanos, new Int32Array(size));
    this.slots = grown(this.slots, new Int32Array(size));
  }
}
