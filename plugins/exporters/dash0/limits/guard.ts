import { decode, encode, mapRecords, type Batch, type Context, type LogRecord, type Span } from 'sluice/plugin';
import type { Limits } from './config.ts';
import { Cuts } from './cuts.ts';
import { Look } from './look.ts';
import { shortenLogRecord, shortenSpan } from './shorten.ts';

/**
 * Brings batches within the limits of Dash0. Data points are left alone: to take attributes from them would make one
 * series of several.
 */
export class LimitGuard {
  private readonly limits: Limits;
  private readonly clock: Context['clock'];
  private readonly look: Look;
  private readonly cuts: Cuts;
  /** What became of batches that are sent again and again, so that each is counted once. */
  private readonly known = new WeakMap<Batch, Batch>();

  constructor(limits: Limits, context: Context) {
    this.limits = limits;
    this.clock = context.clock;
    this.look = new Look(limits);
    this.cuts = new Cuts(context);
  }

  /** The batch itself where nothing has to be cut. */
  apply(batch: Batch): Batch {
    if (batch.signal === 'metrics') return batch;
    const known = this.known.get(batch);
    if (known !== undefined) return known;
    const { mayExceed, tooOld, tooFarAhead } = this.look.at(batch, this.clock.now());
    if (tooOld > 0) this.cuts.add('max_age', tooOld);
    if (tooFarAhead > 0) this.cuts.add('max_future', tooFarAhead);
    const within = mayExceed ? this.shortened(batch) : batch;
    if (within !== batch || tooOld + tooFarAhead > 0) this.known.set(batch, within);
    this.cuts.say();
    return within;
  }

  close(): void {
    this.cuts.close();
  }

  private shortened(batch: Batch): Batch {
    const tree = decode(batch);
    let changed = false;
    const told = (limit: string, count: number): void => {
      changed = true;
      this.cuts.add(limit, count);
    };
    mapRecords(tree, (record) => {
      if (batch.signal === 'traces') shortenSpan(record as Span, this.limits, told);
      else shortenLogRecord(record as LogRecord, this.limits, told);
      return record;
    });
    return changed ? encode(tree, batch.meta) : batch;
  }
}
