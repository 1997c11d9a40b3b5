import type { Batch, Context } from 'sluice/plugin';
import { goneBecause } from './patient.ts';

export interface Counts {
  readonly objects: number;
  /** Left out, whole or in part. */
  readonly failed: number;
  /** Records. */
  readonly delivered: number;
  readonly refused: number;
}

/** Counts what became of objects, and names those that could not be replayed. */
export class Tally {
  private readonly context: Context;
  private readonly objects;
  private counted = { objects: 0, failed: 0, delivered: 0, refused: 0 };

  constructor(context: Context) {
    this.context = context;
    this.objects = context.metrics.counter('receiver_awss3_objects', {
      description: 'Objects that were read, by what became of them.',
      unit: '{objects}',
    });
  }

  get counts(): Counts {
    return this.counted;
  }

  batch({ count }: Batch, outcome: 'delivered' | 'refused'): void {
    this.counted[outcome] += count;
  }

  replayed(key: string): void {
    this.counted.objects += 1;
    this.objects.add(1, { outcome: 'replayed' });
    this.context.logger.debug({ key }, 'object replayed');
  }

  /** An object that is left out, or its rest. */
  failed(key: string, error: Error): void {
    this.counted.failed += 1;
    const gone = goneBecause(error);
    const outcome = gone !== undefined ? 'gone' : error.name === 'UnsupportedError' ? 'unsupported' : 'damaged';
    this.objects.add(1, { outcome });
    const message = {
      gone: `object left out: ${gone}`,
      unsupported: `object left out: ${error.message}`,
      damaged: `object damaged, its rest left out: ${error.message}`,
    }[outcome];
    this.context.logger.error({ key }, message);
  }
}
