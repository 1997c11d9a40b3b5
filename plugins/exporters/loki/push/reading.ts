import { RecordScan, type Batch } from 'sluice/plugin';
import type { Place } from '../labels/values.ts';

const attributesOf = { resource: 1, scope: 3, record: 6 } as const;

/** A look at a batch where the kernel has a question about it. Most batches raise none, so it begins with the first. */
export class Reading implements Place {
  readonly resource;
  readonly scope;
  readonly record;
  private readonly lazy = new RecordScan();
  private batch: Batch | undefined;

  constructor() {
    this.resource = this.lazy.child();
    this.scope = this.lazy.child();
    this.record = this.lazy.child();
  }

  /** The batch that questions will be about; undefined to let go of it. */
  take(batch: Batch | undefined): void {
    this.batch = batch;
  }

  /** The scan at the beginning of the batch, or where it was moved to. */
  get scan(): RecordScan {
    const { batch } = this;
    if (batch !== undefined) {
      this.batch = undefined;
      this.lazy.cut(0);
      this.lazy.begin(batch);
    }
    return this.lazy;
  }

  /** Reads the resource, the scope and the record from the places where they begin and end. */
  enter([resource = 0, resourceEnd = 0, scope = 0, scopeEnd = 0, record = 0, recordEnd = 0]: Iterable<number>): this {
    void this.scan;
    this.resource.read(resource, resourceEnd, attributesOf.resource);
    this.scope.read(scope, scopeEnd, attributesOf.scope);
    this.record.read(record, recordEnd, attributesOf.record);
    return this;
  }
}
