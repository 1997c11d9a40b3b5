import { z } from 'zod';
import { duration } from './scalars.ts';

const sizer = z.enum(['requests', 'items', 'bytes']);

const queueBatch = z
  .strictObject({
    flush_timeout: duration()
      .default(200)
      .describe('Longest wait for a batch to fill; shorter where a sender waits for its answer.'),
    min_size: z.number().int().nonnegative().default(8192).describe('Size at which a batch is sent at once.'),
    max_size: z
      .number()
      .int()
      .nonnegative()
      .default(0)
      .describe('Largest batch; bigger ones are split. 0 is unbounded.'),
    sizer: sizer.default('items').describe('What the sizes count.'),
    partition: z
      .strictObject({
        metadata_keys: z
          .array(z.string())
          .default([])
          .describe('Request metadata that must be the same within a batch.'),
      })
      .prefault({})
      .describe('What may share a batch.'),
  })
  .describe('Batching in the queue; its presence turns it on.');

/** `sending_queue`: what waits for a destination. The defaults are the Collector's but for two, which lose data there. */
export const sendingQueue = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Keep a queue; without one, a batch is sent while its sender waits.'),
    num_consumers: z
      .number()
      .int()
      .positive()
      .optional()
      .describe('How many batches are sent at the same time; 10 where it is left out, and 1 where `ordered` is on.'),
    ordered: z
      .boolean()
      .default(false)
      .describe(
        'Batches leave in the order in which the queue took them, one at a time; one that fails holds up those behind it.',
      ),
    queue_size: z.number().int().positive().default(1000).describe('Most that waits, in units of `sizer`.'),
    sizer: sizer.default('requests').describe('What `queue_size` counts.'),
    block_on_overflow: z
      .boolean()
      .default(false)
      .describe('Full queue: wait for room instead of telling the sender to try again later.'),
    on_full: z
      .enum(['block', 'dead_letter', 'drop_newest', 'drop_oldest'])
      .default('block')
      .describe(
        'What a full queue does: hold the senders back, keep new data as dead letters, or drop the newest or the oldest. What is dropped is counted.',
      ),
    wait_for_result: z
      .boolean()
      .default(true)
      .describe(
        'A sender has its OK only after delivery. Off: OK once the batch waits in memory, which a crash loses.',
      ),
    storage: z
      .string()
      .optional()
      .describe('Id of a storage extension: the queue is then on disk, and OK means safe there.'),
    batch: queueBatch.optional(),
  })
  .superRefine(({ enabled, ordered, num_consumers }, context) => {
    if (!ordered) return;
    if (!enabled)
      context.addIssue({ code: 'custom', path: ['ordered'], message: 'needs the queue, which is off here' });
    if (num_consumers !== undefined && num_consumers > 1)
      context.addIssue({
        code: 'custom',
        path: ['num_consumers'],
        message: '`ordered` sends one batch at a time: leave num_consumers out, or set it to 1',
      });
  })
  .prefault({})
  .describe('The queue before the destination.');

/** `retry_on_failure`. Unlike the Collector's it does not give up after five minutes. */
export const retryOnFailure = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Try again what may go through later.'),
    initial_interval: duration().default(5000).describe('First wait.'),
    max_interval: duration().default(30_000).describe('Longest wait.'),
    max_elapsed_time: duration().default(0).describe('Give up after this long; 0 is never.'),
    multiplier: z.number().min(1).default(1.5).describe('Growth of the wait.'),
    randomization_factor: z.number().min(0).max(1).default(0.5).describe('How far a wait strays, as a part of it.'),
  })
  .prefault({})
  .describe('What happens when the destination is away or busy.');

/** `circuit_breaker`: part of trying again, so it needs `retry_on_failure`. The Collector has none. */
export const circuitBreaker = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe(
        'While the destination fails, send a probe now and then instead of trying with every batch for itself.',
      ),
    failures: z
      .number()
      .int()
      .positive()
      .default(5)
      .describe('Failed attempts in a row, of all consumers together, after which the circuit opens.'),
    probe_interval: duration()
      .default(5000)
      .describe(
        'Wait between probes, or `max_interval` of `retry_on_failure` where that is shorter. Longer where the destination asks for it.',
      ),
  })
  .prefault({})
  .describe('What happens when the destination keeps failing. Data that it refuses for good does not count.');

export type SendingQueueConfig = z.output<typeof sendingQueue>;
export type RetryConfig = z.output<typeof retryOnFailure>;
export type CircuitBreakerConfig = z.output<typeof circuitBreaker>;

/** What the engine adds to the options of a queued exporter. */
export function exporterDelivery(timeout: string) {
  return {
    timeout: duration().prefault(timeout).describe('Longest time for one attempt.'),
    sending_queue: sendingQueue,
    retry_on_failure: retryOnFailure,
    circuit_breaker: circuitBreaker,
  };
}

export interface ExporterDelivery {
  readonly timeout: number;
  readonly sending_queue: SendingQueueConfig;
  readonly retry_on_failure: RetryConfig;
  readonly circuit_breaker: CircuitBreakerConfig;
}

/** A size in the units of a `sizer`. */
export type Sizer = z.output<typeof sizer>;
