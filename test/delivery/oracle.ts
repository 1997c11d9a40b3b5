/** What the books say at the end, in records. */
export interface Tally {
  readonly offered: number;
  /** Their sender had an OK. */
  readonly acked: number;
  /** Arrived at least once. */
  readonly delivered: number;
  /** Arrivals beyond the first of a record. */
  readonly duplicated: number;
  /** Acked, and never arrived. */
  readonly lost: number;
}

const often = 255;

/** The books of records: who had an OK, and who arrived how often. Ids are given out from 0 on. */
export class Oracle {
  private acks = new Uint8Array(1 << 16);
  private arrivals = new Uint8Array(1 << 16);
  private next = 0;
  private duplicates = 0;

  /** Ids that nobody had before. */
  take(count: number): number[] {
    const first = this.next;
    this.next += count;
    while (this.next > this.acks.length) {
      this.acks = doubled(this.acks);
      this.arrivals = doubled(this.arrivals);
    }
    return Array.from({ length: count }, (_, index) => first + index);
  }

  acked(ids: readonly number[]): void {
    for (const id of ids) this.acks[id] = 1;
  }

  arrived(ids: readonly number[]): void {
    for (const id of ids) {
      if (id >= this.next) throw new Error(`record ${id} arrived, and nobody sent it`);
      const times = this.arrivals[id] ?? 0;
      if (times > 0) this.duplicates += 1;
      this.arrivals[id] = Math.min(often, times + 1);
    }
  }

  /** How often a record arrived. */
  times(id: number): number {
    return this.arrivals[id] ?? 0;
  }

  /** Records that were acked and have not arrived. */
  missing(): number[] {
    const ids: number[] = [];
    for (let id = 0; id < this.next; id++) if (this.acks[id] === 1 && this.arrivals[id] === 0) ids.push(id);
    return ids;
  }

  tally(): Tally {
    let [acked, delivered] = [0, 0];
    for (let id = 0; id < this.next; id++) {
      acked += this.acks[id] ?? 0;
      if (this.arrivals[id] !== 0) delivered += 1;
    }
    const lost = this.missing().length;
    return { offered: this.next, acked, delivered, duplicated: this.duplicates, lost };
  }
}

function doubled(from: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const to = new Uint8Array(from.length * 2);
  to.set(from);
  return to;
}
