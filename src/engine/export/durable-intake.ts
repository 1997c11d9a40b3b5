import { PermanentError, RetryableError, type Delivery } from '../../flow/index.ts';
import type { SendingQueueConfig } from '../../plugin/index.ts';
import { StorageError, type Queue } from '../durable/index.ts';
import { readHeader, writeHeader } from './durable-header.ts';
import { settleRefused, type RefusalOptions } from './refusal.ts';

export interface DurableIntakeOptions extends RefusalOptions {
  readonly queue: SendingQueueConfig;
  readonly storage: Queue;
}

const retryAfterMs = 5000;

/** Puts a delivery on disk and settles it: OK when it is safe there, and what `on_full` says when there is no room. */
export async function storeAndSettle(options: DurableIntakeOptions, delivery: Delivery): Promise<void> {
  const { batch } = delivery;
  const record = { header: writeHeader(batch), bytes: batch.bytes, items: batch.count };
  for (;;) {
    try {
      await options.storage.append(record);
      delivery.ack();
      return;
    } catch (error) {
      const storageError = error instanceof StorageError ? error : new StorageError('io', String(error), error);
      if (!(await makeRoom(options, delivery, storageError))) return;
    }
  }
}

/** True means: there may be room now. False means: the delivery is settled. */
async function makeRoom(options: DurableIntakeOptions, delivery: Delivery, error: StorageError): Promise<boolean> {
  const { queue, storage, component } = options;
  const { count, signal, bytes } = delivery.batch;
  if (error.fault === 'too_large') {
    await settleRefused(options, delivery, new PermanentError(error.message, { tooLarge: true }));
    return false;
  }
  if (error.fault !== 'full') return refuse(options, delivery, error);
  if (queue.block_on_overflow) {
    await storage.room(bytes.length, count);
    return delivery.settled ? refuse(options, delivery, error) : true;
  }
  switch (queue.on_full) {
    case 'block':
      return refuse(options, delivery, error);
    case 'dead_letter':
      await settleRefused(options, delivery, new PermanentError(`the queue of ${component} is full`));
      return false;
    case 'drop_newest':
      options.context.dropped(count, signal, 'queue_full');
      delivery.ack();
      return false;
    case 'drop_oldest':
      return (await dropOldest(options)) || refuse(options, delivery, error);
  }
}

function refuse({ counts, context }: DurableIntakeOptions, delivery: Delivery, error: StorageError): false {
  counts.enqueueFailed.value += delivery.batch.count;
  if (error.fault !== 'full' && error.fault !== 'closed') context.report('recoverable_error', error.message);
  delivery.fail(new RetryableError(error.message, { retryAfterMs, cause: error }));
  return false;
}

/** False where all records are with the senders already. */
async function dropOldest({ storage, context }: DurableIntakeOptions): Promise<boolean> {
  const oldest = await storage.read(AbortSignal.timeout(1000));
  if (oldest === undefined) return false;
  context.dropped(oldest.items, readHeader(oldest.header).signal, 'queue_full_oldest');
  storage.ack(oldest.position);
  return true;
}
