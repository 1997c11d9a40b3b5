import { bufferBy, defineProcessor, duration, PermanentError, z, type Delivery } from 'sluice/plugin';
import { filter } from 'rxjs';
import { cardinalityLimit, metadataKey } from './metadata.ts';

const config = z
  .strictObject({
    send_batch_size: z
      .number()
      .int()
      .nonnegative()
      .default(8192)
      .describe('How many records make a batch leave at once; 0 sends everything at once.'),
    timeout: duration()
      .default(200)
      .describe(
        'Longest wait for a batch to fill; at most a second while a sender waits for its answer. 0 sends at once.',
      ),
    send_batch_max_size: z
      .number()
      .int()
      .nonnegative()
      .default(0)
      .describe('Largest batch, in records; bigger ones are split. 0 is unbounded.'),
    metadata_keys: z
      .array(z.string().min(1))
      .default([])
      .describe('Request headers that must be the same within a batch; the receiver needs `include_metadata`.'),
    metadata_cardinality_limit: z
      .number()
      .int()
      .nonnegative()
      .default(1000)
      .describe('Most combinations of values of `metadata_keys`; data with further ones is refused. 0 is unbounded.'),
  })
  .superRefine((value, context) => {
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message, input: value });
    if (value.send_batch_max_size > 0 && value.send_batch_max_size < value.send_batch_size) {
      refuse('send_batch_max_size', 'send_batch_max_size must be greater or equal to send_batch_size');
    }
    const seen = new Set<string>();
    for (const key of value.metadata_keys.map((name) => name.toLowerCase())) {
      if (seen.has(key)) refuse('metadata_keys', `duplicate entry in metadata_keys: "${key}" (case-insensitive)`);
      seen.add(key);
    }
  });

export default defineProcessor({
  type: 'batch',
  summary: 'Gathers small requests into large ones; each sender hears how its own data fared.',
  stability: 'stable',
  config,
  operator(deliveries, config, { clock }) {
    const key = metadataKey(config.metadata_keys);
    const admitted = cardinalityLimit(config.metadata_cardinality_limit);
    const within = (delivery: Delivery): boolean => {
      if (admitted(key(delivery.batch.meta))) return true;
      delivery.fail(new PermanentError('too many batcher metadata-value combinations'));
      return false;
    };
    const gather = bufferBy({
      key: (delivery) => key(delivery.batch.meta),
      // Without a size, as without a timeout, nothing waits.
      minSize: config.timeout === 0 ? 1 : Math.max(1, config.send_batch_size),
      maxSize: config.send_batch_max_size,
      sizer: 'items',
      flushMs: config.timeout,
      clock,
    });
    return deliveries.pipe(filter(within), gather);
  },
});
