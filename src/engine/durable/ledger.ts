import type { Limits } from './queue.ts';
import type { Amount, Segment } from './segment.ts';
import type { SequenceRange, SequenceSet } from './sequence-set.ts';

/** What is left to consume, as a whole and by segment, and which segments are done with. */
export class Ledger {
  /** In order; those with something left, and the active one. */
  readonly segments: Segment[];
  readonly consumed: SequenceSet;
  private readonly total: Amount = { records: 0, items: 0, bytes: 0 };

  constructor(segments: Segment[], consumed: SequenceSet) {
    this.segments = segments;
    this.consumed = consumed;
    for (const { remaining } of segments) this.count(remaining, 1);
  }

  get amount(): Readonly<Amount> {
    return this.total;
  }

  appended(segment: Segment, items: number, bytes: number): void {
    const amount = { records: 1, items, bytes };
    this.count(amount, 1);
    segment.remaining.records += 1;
    segment.remaining.items += items;
    segment.remaining.bytes += bytes;
  }

  /** Of one record. */
  settle(segment: Segment, sequence: number, items: number, bytes: number): void {
    this.consumed.add(sequence);
    this.subtract(segment, { records: 1, items, bytes });
  }

  /** Of records that nobody knows more of than their sequences. Returns those that were not consumed before. */
  writeOff(segment: Segment, first: number, limit: number): SequenceRange[] {
    const holes = this.consumed.missing(first, limit);
    for (const hole of holes) this.subtract(segment, { records: hole.limit - hole.first, items: 0, bytes: 0 });
    this.consumed.add(first, limit);
    return holes;
  }

  /** Segments that are not needed any more, taken off the list. */
  takeFinished(): Segment[] {
    const finished = this.segments.filter((segment) => !segment.active && segment.remaining.records === 0);
    for (const segment of finished) this.segments.splice(this.segments.indexOf(segment), 1);
    return finished;
  }

  /** Whether so much more would be over a limit. One record alone never is, or it could never pass. */
  exceeds(limits: Limits, more: Amount): boolean {
    const { records, items, bytes } = this.total;
    if (records + more.records <= 1) return false;
    const { records: maxRecords = Infinity, items: maxItems = Infinity, bytes: maxBytes = Infinity } = limits;
    return records + more.records > maxRecords || items + more.items > maxItems || bytes + more.bytes > maxBytes;
  }

  private subtract({ remaining }: Segment, amount: Amount): void {
    const left = remaining.records - amount.records;
    // What is unknown of damaged records stays until the last record of the segment: then nothing can be left.
    const gone = left === 0 ? { ...remaining } : amount;
    this.count(gone, -1);
    remaining.records -= gone.records;
    remaining.items -= gone.items;
    remaining.bytes -= gone.bytes;
  }

  private count(amount: Amount, sign: 1 | -1): void {
    this.total.records += sign * amount.records;
    this.total.items += sign * amount.items;
    this.total.bytes += sign * amount.bytes;
  }
}
