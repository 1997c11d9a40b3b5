import type { Signal } from '../../../../src/wire/index.ts';
import { eachId, sequenceAt } from '../data/ids.ts';
import { passesFilter } from '../data/request.ts';

/** What must have come. */
export interface Expected {
  readonly signal: Signal;
  /** Records in a request. */
  readonly count: number;
  /** Requests with ids of their own: requests that were answered OK. */
  readonly requests: number;
  /** Requests that were sent again and again: how often each was; otherwise empty. */
  readonly sends: readonly number[];
  readonly filters: boolean;
}

export interface Verdict {
  readonly lost: number;
  readonly duplicated: number;
  /** Records without an id of ours, or that the filter should have dropped. */
  readonly foreign: number;
}

/** How often each record came. */
export class Ledger {
  private counts = new Uint32Array(1 << 20);
  private highest = -1;
  private unknown = 0;
  records = 0;
  requests = 0;
  /** On the wire. */
  bytes = 0;

  /** `onTheWire`: its length as it came, where it came compressed. */
  add(signal: Signal, request: Uint8Array, onTheWire = request.length): void {
    this.requests++;
    this.bytes += onTheWire;
    eachId(signal, request, (offset) => {
      const sequence = offset < 0 ? -1 : sequenceAt(request, offset);
      this.records++;
      if (sequence < 0) this.unknown++;
      else this.count(sequence);
    });
  }

  private count(sequence: number): void {
    if (sequence >= this.counts.length) {
      const larger = new Uint32Array(2 ** Math.ceil(Math.log2(sequence + 1)));
      larger.set(this.counts);
      this.counts = larger;
    }
    if (sequence > this.highest) this.highest = sequence;
    this.counts[sequence] = (this.counts[sequence] as number) + 1;
  }

  reset(): void {
    this.counts.fill(0, 0, this.highest + 1);
    this.highest = -1;
    this.unknown = 0;
    this.records = 0;
    this.requests = 0;
    this.bytes = 0;
  }

  verify({ signal, count, requests, sends, filters }: Expected): Verdict {
    const blocks = sends.length > 0 ? sends.length : requests;
    const passes = Array.from({ length: count }, (_unused, index) => !filters || passesFilter(signal, index));
    const end = Math.max(blocks * count, this.highest + 1);
    let lost = 0;
    let duplicated = 0;
    let { unknown: foreign } = this;
    for (let sequence = 0; sequence < end; sequence++) {
      const block = Math.floor(sequence / count);
      const came = this.counts[sequence] ?? 0;
      const due =
        passes[sequence % count] !== true || block >= blocks ? 0 : sends.length > 0 ? (sends[block] as number) : 1;
      if (came < due) lost += due - came;
      else if (due === 0) foreign += came;
      else duplicated += came - due;
    }
    return { lost, duplicated, foreign };
  }
}
