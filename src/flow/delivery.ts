import type { Batch, Meta, Signal } from '../wire/index.ts';
import { concat } from '../wire/index.ts';
import { asDeliveryError, combineErrors, type PermanentError, type RetryableError } from './errors.ts';

/**
 * A batch and the duty to settle it, exactly once: `ack` when the data is safe, `fail` when it is not.
 * Whoever holds a delivery passes it on, carries its duty over to others with `with`, `split` or `mergeDeliveries`, or settles it.
 */
export interface Delivery<S extends Signal = Signal> {
  readonly batch: Batch<S>;
  /** When a sender that waits for the outcome stops waiting, in milliseconds since the epoch; undefined where nobody waits. */
  readonly deadline: number | undefined;
  readonly settled: boolean;
  /** The same duty, for changed data, another signal's included. This delivery must not be used afterwards. */
  with<T extends Signal>(batch: Batch<T>): Delivery<T>;
  /** The duty in parts: it is met when every part is. No parts at all means there was nothing left to deliver: it is met. */
  split<T extends Signal>(batches: readonly Batch<T>[]): Delivery<T>[];
  /** The data is delivered, safe on disk, or dropped on purpose. */
  ack(): void;
  /** The data is none of these. Anything but a PermanentError counts as worth trying again. */
  fail(error: unknown): void;
}

/** How a duty ended. */
export type Outcome = { readonly ok: true } | { readonly ok: false; readonly error: RetryableError | PermanentError };

/** What stands behind one or more deliveries. Settles once; whatever comes later is ignored. */
export interface Duty {
  readonly deadline: number | undefined;
  readonly settled: boolean;
  settle(error?: unknown): void;
  /** Notes which component has the data now, for whoever looks for data that got stuck. */
  mark?(component: string): void;
}

/** A delivery for a duty. The engine and the tests make them; plugins only ever receive them. */
export function createDelivery<S extends Signal>(batch: Batch<S>, duty: Duty): Delivery<S> {
  return new DutyBound(batch, duty);
}

class DutyBound<S extends Signal> implements Delivery<S> {
  readonly batch: Batch<S>;
  readonly duty: Duty;

  constructor(batch: Batch<S>, duty: Duty) {
    this.batch = batch;
    this.duty = duty;
  }

  get deadline(): number | undefined {
    return this.duty.deadline;
  }

  get settled(): boolean {
    return this.duty.settled;
  }

  with<T extends Signal>(batch: Batch<T>): Delivery<T> {
    return new DutyBound(batch, this.duty);
  }

  split<T extends Signal>(batches: readonly Batch<T>[]): Delivery<T>[] {
    const [only] = batches;
    if (only === undefined) {
      this.ack();
      return [];
    }
    if (batches.length === 1) return [this.with(only)];
    const whole = new SplitDuty(this.duty, batches.length);
    return batches.map((batch) => new DutyBound(batch, new PartDuty(whole)));
  }

  ack(): void {
    this.duty.settle();
  }

  fail(error: unknown): void {
    this.duty.settle(asDeliveryError(error));
  }
}

/** Waits for all its parts, so that the sender is not told to try again while a part is still on its way. */
class SplitDuty {
  readonly parent: Duty;
  private open: number;
  private readonly errors: unknown[] = [];

  constructor(parent: Duty, parts: number) {
    this.parent = parent;
    this.open = parts;
  }

  partSettled(error: unknown): void {
    if (error !== undefined) this.errors.push(error);
    this.open -= 1;
    if (this.open > 0) return;
    if (this.errors.length > 0) this.parent.settle(combineErrors(this.errors));
    else this.parent.settle();
  }
}

class PartDuty implements Duty {
  private readonly whole: SplitDuty;
  private done = false;

  constructor(whole: SplitDuty) {
    this.whole = whole;
  }

  /** Also true when the whole was settled over our head, because its sender gave up. */
  get settled(): boolean {
    return this.done || this.whole.parent.settled;
  }

  get deadline(): number | undefined {
    return this.whole.parent.deadline;
  }

  settle(error?: unknown): void {
    if (this.done) return;
    this.done = true;
    this.whole.partSettled(error);
  }

  mark(component: string): void {
    this.whole.parent.mark?.(component);
  }
}

class MergedDuty implements Duty {
  readonly duties: readonly Duty[];
  readonly deadline: number | undefined;
  private done = false;

  constructor(duties: readonly Duty[]) {
    this.duties = duties;
    const deadlines = duties.flatMap((duty) => duty.deadline ?? []);
    this.deadline = deadlines.length > 0 ? Math.min(...deadlines) : undefined;
  }

  get settled(): boolean {
    return this.done || this.duties.every((duty) => duty.settled);
  }

  settle(error?: unknown): void {
    if (this.done) return;
    this.done = true;
    for (const duty of this.duties) duty.settle(error);
  }

  mark(component: string): void {
    for (const duty of this.duties) duty.mark?.(component);
  }
}

/**
 * Several deliveries of one signal as one: their data concatenated, all their duties met together.
 * The nearest deadline among them becomes the deadline of the whole.
 */
export function mergeDeliveries<S extends Signal>(deliveries: readonly Delivery<S>[]): Delivery<S> {
  const [first] = deliveries;
  if (first === undefined) throw new RangeError('mergeDeliveries needs at least one delivery');
  if (deliveries.length === 1) return first;
  return new Merged(deliveries);
}

/** Remembers where each part stands in the whole, as long as the whole is not changed. */
class Merged<S extends Signal> extends DutyBound<S> {
  private readonly duties: readonly Duty[];
  private readonly pieces: readonly { readonly length: number; readonly count: number; readonly meta: Meta }[];

  constructor(deliveries: readonly Delivery<S>[]) {
    const duty = new MergedDuty(deliveries.map(dutyOf));
    super(concat(deliveries.map((delivery) => delivery.batch)), duty);
    this.duties = duty.duties;
    this.pieces = deliveries.map(({ batch: { bytes, count, meta } }) => ({ length: bytes.length, count, meta }));
  }

  get partlySettled(): boolean {
    return this.duties.some((duty) => duty.settled) && !this.settled;
  }

  parts(): Delivery<S>[] {
    const { signal, bytes } = this.batch;
    let start = 0;
    return this.pieces.map(({ length, count, meta }, index) => {
      const part = bytes.subarray(start, (start += length));
      return new DutyBound({ signal, bytes: part, count, meta }, this.duties[index] as Duty);
    });
  }
}

/**
 * What is still waited for of a merged delivery: without the parts whose senders gave up meanwhile and bring them again.
 * Any other delivery as it is. The one that is given must not be used afterwards.
 */
export function stillAwaited<S extends Signal>(delivery: Delivery<S>): Delivery<S> {
  if (!(delivery instanceof Merged) || !delivery.partlySettled) return delivery;
  const parts = (delivery as Merged<S>).parts();
  // Only closes their books.
  for (const part of parts) if (part.settled) part.ack();
  return mergeDeliveries(parts.filter((part) => !part.settled));
}

/** The duty behind a delivery. For the engine, which hangs bookkeeping between a delivery and its duty. */
export function dutyOf(delivery: Delivery): Duty {
  if (delivery instanceof DutyBound) return delivery.duty;
  // A delivery of another copy of this module: its own methods carry the duty.
  return {
    deadline: delivery.deadline,
    get settled() {
      return delivery.settled;
    },
    settle: (error) => (error === undefined ? delivery.ack() : delivery.fail(error)),
  };
}

/** A duty of its own, and its outcome as a promise. It never rejects. */
export function createDuty(deadline?: number): Duty & { readonly outcome: Promise<Outcome> } {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  return {
    deadline,
    settled: false,
    outcome: promise,
    settle(error) {
      if (this.settled) return;
      (this as { settled: boolean }).settled = true;
      resolve(error === undefined ? { ok: true } : { ok: false, error: asDeliveryError(error) });
    },
  };
}
