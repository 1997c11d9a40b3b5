/** Half-open: from `first` to before `limit`. */
export interface SequenceRange {
  readonly first: number;
  readonly limit: number;
}

/**
 * A set of sequences that is everything below a mark and some ranges above it. Its size grows with the number of holes,
 * not of members.
 */
export class SequenceSet {
  private mark: number;
  /** Sorted, apart from one another, all above the mark. */
  private above: { first: number; limit: number }[] = [];

  constructor(low: number, ranges: readonly SequenceRange[] = []) {
    this.mark = low;
    for (const range of ranges) this.add(range.first, range.limit);
  }

  /** The lowest sequence that is not in the set. */
  get low(): number {
    return this.mark;
  }

  get ranges(): readonly SequenceRange[] {
    return this.above;
  }

  has(sequence: number): boolean {
    if (sequence < this.mark) return true;
    const range = this.above[this.indexOf(sequence + 1)];
    return range !== undefined && range.first <= sequence;
  }

  add(first: number, limit: number = first + 1): void {
    if (limit <= this.mark || limit <= first) return;
    let from = first;
    let to = limit;
    const index = this.indexOf(from);
    let end = index;
    for (let range = this.above[end]; range !== undefined && range.first <= to; range = this.above[end]) {
      from = Math.min(from, range.first);
      to = Math.max(to, range.limit);
      end += 1;
    }
    if (from <= this.mark) {
      // What lies below the mark already cannot stand before this range.
      this.mark = to;
      this.above.splice(0, end);
    } else this.above.splice(index, end - index, { first: from, limit: to });
  }

  /** The parts of a range that are not in the set. */
  missing(first: number, limit: number): SequenceRange[] {
    const holes: SequenceRange[] = [];
    let at = Math.max(first, this.mark);
    for (const range of this.above) {
      if (range.first >= limit) break;
      if (range.limit <= at) continue;
      if (range.first > at) holes.push({ first: at, limit: range.first });
      at = range.limit;
    }
    if (at < limit) holes.push({ first: at, limit });
    return holes;
  }

  /** Index of the first range whose limit is not below `limit`. */
  private indexOf(limit: number): number {
    let low = 0;
    let high = this.above.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.above[middle] as SequenceRange).limit < limit) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
