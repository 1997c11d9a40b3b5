import { defineProcessor, duration, z } from '../../../src/plugin/index.ts';

const batch = defineProcessor({
  type: 'batch',
  summary: 'Gathers batches.',
  config: z
    .strictObject({
      send_batch_size: z.number().int().nonnegative().default(8192).describe('Records at which a batch goes on.'),
      send_batch_max_size: z.number().int().nonnegative().default(0).describe('Most records in a batch.'),
      timeout: duration().default(200).describe('Longest wait.'),
    })
    .refine((config) => config.send_batch_max_size === 0 || config.send_batch_max_size >= config.send_batch_size, {
      path: ['send_batch_max_size'],
      message: 'must not be below send_batch_size',
    }),
  operator: (deliveries) => deliveries,
});

const resource = defineProcessor({
  type: 'resource',
  summary: 'Changes resource attributes.',
  config: z.strictObject({
    attributes: z
      .array(
        z.strictObject({
          key: z.string().min(1).describe('Attribute to change.'),
          action: z.enum(['insert', 'update', 'upsert', 'delete']).default('upsert').describe('What to do.'),
          value: z.union([z.string(), z.number(), z.boolean()]).optional().describe('Value to set.'),
        }),
      )
      .min(1)
      .describe('Changes, in order.'),
  }),
  edit: () => [],
});

const transform = defineProcessor({
  type: 'transform',
  summary: 'Runs statements.',
  config: z.strictObject({
    log_statements: z
      .array(
        z.union([
          z.string(),
          z.strictObject({
            context: z.enum(['log', 'scope', 'resource']).optional().describe('What paths start from.'),
            statements: z.array(z.string()).describe('Statements, in order.'),
          }),
        ]),
      )
      .default([])
      .describe('Statements for logs.'),
  }),
  edit: () => [],
});

const classify = defineProcessor({
  type: 'classify',
  summary: 'Classifies log records.',
  config: z.strictObject({
    pattern: z
      .string()
      .default('.')
      .transform((text) => new RegExp(text))
      .describe('What to look for.'),
  }),
  record: (record) => record,
});

export const processors = [batch, resource, transform, classify];
