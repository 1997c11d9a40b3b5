import type { Batch } from 'sluice/plugin';
import type { Changes } from './push/changes.ts';
import { Refusals } from './refusals.ts';

/** What became of one tenant's part of a batch so far. */
export class PartProgress {
  done = false;
  /** Single streams are refused for now, so each goes by itself. */
  split = false;
  /** Streams that Loki has, or refused for good; by their labels and what is in them. */
  readonly settled = new Set<string>();
  /** What Loki refused of the streams and requests that it answered. */
  readonly refused = new Refusals();
  /** What was refused here, and changed. */
  here: { readonly refused: Refusals; readonly changes: Changes } | undefined;
}

/** Remembers what Loki has of a batch that is tried again, so that none of it is sent for ever. */
export class Progress {
  private readonly batches = new WeakMap<Batch, PartProgress[]>();

  /** The progress of a batch of so many parts. */
  of(batch: Batch, parts: number): readonly PartProgress[] {
    let known = this.batches.get(batch);
    if (known === undefined) this.batches.set(batch, (known = []));
    while (known.length < parts) known.push(new PartProgress());
    return known;
  }
}
