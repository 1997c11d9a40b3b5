import type { Context, SendingQueueConfig } from '../../plugin/index.ts';
import type { Signal } from '../../wire/index.ts';
import { findOrphans, openQueue, queueDirectory, type Limits, type Loss, type Queue } from '../durable/index.ts';

export interface StorageRequest {
  /** Id of the storage extension. */
  readonly extension: string;
  /** `exporter/otlp_http`. */
  readonly component: string;
  readonly signal: Signal;
  readonly context: Context;
  readonly queue: SendingQueueConfig;
}

/** Opens the queue of an exporter for one signal in the folder of a storage extension. Throws where the extension has none. */
export function openStorage(request: StorageRequest): Promise<Queue> {
  const { extension, context, queue, signal } = request;
  const { directory } = context.extension(extension, 'storage');
  if (directory === undefined) throw new Error(`extension "${extension}" keeps no queues on disk`);
  return openQueue({
    directory: queueDirectory(directory, ownerOf(request)),
    clock: context.clock,
    limits: limitsOf(queue),
    events: {
      lost: (loss) => reportLoss(context, signal, loss),
      trouble: (error) => {
        context.report('recoverable_error', error.message);
        context.logger.warn({ error: error.message }, 'trouble with the queue on disk');
      },
    },
  });
}

/** How a queue is named on disk. */
export function ownerOf({ component, signal }: Pick<StorageRequest, 'component' | 'signal'>): string {
  return `${component} ${signal}`;
}

/** Names in the log what waits on disk for exporters that the configuration no longer has. It is kept. */
export async function reportOrphans(
  directory: string,
  owners: ReadonlySet<string>,
  logger: Context['logger'],
): Promise<void> {
  for (const { owner, directory: path, depth, error } of await findOrphans(directory, owners)) {
    logger.warn(
      { owner, path, records: depth?.items, bytes: depth?.bytes, ...(error !== undefined && { error: error.message }) },
      'a queue on disk belongs to no exporter of this configuration; it is kept',
    );
  }
}

function limitsOf({ sizer, queue_size }: SendingQueueConfig): Limits {
  if (sizer === 'requests') return { records: queue_size };
  return sizer === 'items' ? { items: queue_size } : { bytes: queue_size };
}

function reportLoss(
  context: Context,
  signal: Signal,
  { reason, items, first, limit, segment, quarantined }: Loss,
): void {
  context.logger.error(
    { reason, requests: limit - first, items, segment, quarantined },
    reason === 'torn'
      ? 'the queue ends in a request that a crash cut short'
      : 'requests in the queue on disk are damaged or gone',
  );
  // What was cut short had no OK yet, so its sender still has it.
  if (reason !== 'torn') context.dropped(items ?? limit - first, signal, `queue_${reason}`);
}
