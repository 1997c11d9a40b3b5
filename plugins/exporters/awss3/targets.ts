import type { Batch, Context } from 'sluice/plugin';
import type { Config, StagingConfig } from './config.ts';
import { deliver } from './deliver.ts';
import { objectBytes, type Encoding } from './object-bytes.ts';
import type { Plans } from './plans.ts';
import { openStaging } from './staging/index.ts';
import { asAnswer } from './store/answer.ts';
import type { ObjectHead } from './store/object-store.ts';
import { upload, type UploadOptions } from './upload.ts';

/** Takes batches: it resolves when S3 has them, or the disk. */
export interface Target {
  send(batch: Batch, signal: AbortSignal): Promise<void>;
  stop(deadline: number): Promise<void>;
}

export interface TargetOptions {
  readonly context: Context;
  readonly plans: Plans;
  readonly encoding: Encoding;
  readonly uploads: Omit<UploadOptions, 'signal'>;
  readonly headOf: (bucket: string, key: string) => ObjectHead;
  /** Hears of each object that was written, with its size. */
  readonly written: (bytes: number) => void;
}

/** Objects of one batch that are written at the same time. */
const together = 4;

/** Objects batch by batch, or, with `staging`, of a wanted size. */
export async function targetOf(options: TargetOptions, staging: Config['staging']): Promise<Target> {
  return staging === undefined ? direct(options) : await staged(options, staging);
}

/** Each batch becomes an object, or one for each place its records go to. */
function direct({ context, plans, encoding, uploads, headOf, written }: TargetOptions): Target {
  return {
    async send(batch, signal) {
      await deliver(plans.of(batch, context.clock.now()), together, async ({ batch: part, bucket, key }) => {
        try {
          const bytes = objectBytes(encoding, part.signal, [part]);
          written(await upload({ ...uploads, signal }, headOf(bucket, key), bytes));
        } catch (error) {
          throw asAnswer(error, signal);
        }
      });
    },
    stop: async () => {},
  };
}

/** Batches are collected on disk until an object is large or old enough. */
async function staged(options: TargetOptions, config: StagingConfig): Promise<Target> {
  const staging = await openStaging(options, config);
  return {
    async send(batch, signal) {
      const pieces = options.plans.of(batch, options.context.clock.now());
      await inTime(
        deliver(pieces, pieces.length, (piece) => staging.add(piece)),
        signal,
      );
    },
    stop: (deadline) => staging.stop(deadline),
  };
}

/** A disk that does not answer is not waited for longer than a server. What it takes after all is not written again. */
async function inTime(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const over = (): void => reject(asAnswer(signal.reason, signal));
  signal.addEventListener('abort', over, { once: true });
  try {
    await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', over);
  }
}
