import { Leaf, type Sheet } from './leaf.ts';
import type { Statistics } from './thrift.ts';

/** 2^63 - 1, the last time that the type has (the year 2262), by its halves. */
const [latestLow, latestHigh] = [-1, 0x7fffffff];

/** Times in nanoseconds since the epoch, 64 bits unsigned; what is beyond the range of the type ends there. The time 0 is null. */
export class TimeLeaf extends Leaf {
  private readonly halves = new DataView(new ArrayBuffer(8));
  private readonly least = { low: latestLow, high: latestHigh };
  private readonly most = { low: 0, high: 0 };
  private any = false;

  add(value: bigint | undefined): void {
    this.halves.setBigUint64(0, value ?? 0n, true);
    this.addWords(this.halves.getInt32(0, true), this.halves.getInt32(4, true));
  }

  /** A time by its halves. */
  addWords(low: number, high: number): void {
    if ((low | high) === 0) this.absent();
    else if (high < 0) this.put(latestLow, latestHigh);
    else this.put(low, high);
  }

  private put(low: number, high: number): void {
    const { least, most } = this;
    if (high < least.high || (high === least.high && low >>> 0 < least.low >>> 0))
      [least.low, least.high] = [low, high];
    if (high > most.high || (high === most.high && low >>> 0 > most.low >>> 0)) [most.low, most.high] = [low, high];
    this.any = true;
    this.sheet.size += 8;
    this.values.words(low, high);
    this.present();
  }

  protected override range(): Statistics {
    return this.any ? { min_value: whole(this.least), max_value: whole(this.most) } : {};
  }

  protected override reset(): void {
    this.any = false;
    [this.least.low, this.least.high] = [latestLow, latestHigh];
    this.most.low = this.most.high = 0;
  }
}

function whole({ low, high }: { readonly low: number; readonly high: number }): bigint {
  return (BigInt(high) << 32n) | BigInt(low >>> 0);
}

/** Nanoseconds since the epoch, in UTC. */
export function timestamp(sheet: Sheet, name: string): TimeLeaf {
  return new TimeLeaf(sheet, {
    name,
    type: 'INT64',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' },
    repetition_type: 'OPTIONAL',
  });
}
