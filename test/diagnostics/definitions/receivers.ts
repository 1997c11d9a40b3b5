import { byteSize, defineReceiver, duration, grpcServer, httpServer, z } from '../../../src/plugin/index.ts';

const start = (): void => {};

const otlp = defineReceiver({
  type: 'otlp',
  summary: 'Takes OTLP.',
  signals: ['logs', 'traces', 'metrics'],
  sharing: 'port',
  config: z
    .strictObject({
      protocols: z
        .strictObject({
          grpc: grpcServer('localhost:4317').optional().describe('OTLP over gRPC.'),
          http: httpServer('localhost:4318').optional().describe('OTLP over HTTP.'),
        })
        .refine(
          (protocols) => protocols.grpc !== undefined || protocols.http !== undefined,
          'at least one protocol is needed: grpc or http',
        )
        .describe('Which protocols are spoken.'),
    })
    .describe('OTLP.'),
  start,
});

const fileLog = defineReceiver({
  type: 'file_log',
  aliases: ['filelog'],
  summary: 'Follows files.',
  signals: ['logs'],
  sharing: 'single',
  config: z.strictObject({
    include: z.array(z.string()).min(1).describe('Globs of files to follow.'),
    exclude: z.array(z.string()).default([]).describe('Globs of files to leave out.'),
    start_at: z.enum(['beginning', 'end']).default('end').describe('Where to start in a file that is new.'),
    poll_interval: duration().default(200).describe('Time between two looks.'),
    max_log_size: byteSize()
      .default(1024 * 1024)
      .describe('Longest entry.'),
    attributes: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .default({})
      .describe('Attributes to add.'),
    storage: z.string().optional().describe('Id of a storage extension that keeps positions.'),
    operators: z
      .array(
        z.discriminatedUnion('type', [
          z.strictObject({
            type: z.literal('json_parser'),
            parse_from: z.string().default('body').describe('Where the text is.'),
          }),
          z.strictObject({
            type: z.literal('regex_parser'),
            regex: z.string().describe('The pattern, with named groups.'),
          }),
        ]),
      )
      .default([])
      .describe('What is done to each entry.'),
  }),
  start,
});

const nop = defineReceiver({
  type: 'nop',
  summary: 'Receives nothing.',
  signals: ['logs', 'traces', 'metrics'],
  sharing: 'port',
  config: z.strictObject({}),
  start,
});

export const receivers = [otlp, fileLog, nop];
