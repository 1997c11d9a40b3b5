import { asDeliveryError, type Context, type Timer } from 'sluice/plugin';
import type { ObjectStore } from './store/object-store.ts';

export interface DanglingOptions {
  readonly store: ObjectStore;
  readonly context: Context;
  readonly buckets: ReadonlySet<string>;
  /** What all keys begin with. */
  readonly prefix: string;
  /** The extension of our objects, with what compression adds. */
  readonly extension: string;
  /** Older ones are removed, in milliseconds. */
  readonly age: number;
}

const everyMs = 3_600_000;

/** Removes uploads in parts that a crash left, at once and then every hour. What it returns ends it. */
export function sweepDangling(options: DanglingOptions): () => Promise<void> {
  const { context } = options;
  const abort = new AbortController();
  let timer: Timer | undefined;
  let running: Promise<void> = Promise.resolve();
  const next = (): void => {
    running = sweep(options, abort.signal).finally(() => {
      if (!abort.signal.aborted) timer = context.clock.after(everyMs, next);
    });
  };
  next();
  return async () => {
    abort.abort();
    timer?.cancel();
    await running;
  };
}

async function sweep(options: DanglingOptions, signal: AbortSignal): Promise<void> {
  const { store, context, buckets, prefix, extension, age } = options;
  for (const bucket of buckets) {
    try {
      // Of all keys: MinIO finds nothing by the beginning of a key.
      for await (const { key, uploadId, initiated } of store.unfinished(bucket, '', signal)) {
        if (initiated === undefined || initiated > context.clock.now() - age) continue;
        if (!key.startsWith(prefix) || !isOurs(key, extension)) continue;
        await store.abort({ bucket, key }, uploadId, signal);
        context.logger.info({ bucket, key, uploadId }, 'removed an upload that nobody finished');
      }
    } catch (error) {
      if (signal.aborted) return;
      // Those who may write objects may not always list uploads.
      context.logger.info({ bucket, error: asDeliveryError(error).message }, 'could not look for unfinished uploads');
    }
  }
}

/** Whether a key ends as ours do. */
function isOurs(key: string, extension: string): boolean {
  if (!key.endsWith(extension)) return false;
  return uniqueName.test(key.slice(0, key.length - extension.length));
}

const uniqueName = /(?:logs|traces|metrics)_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
