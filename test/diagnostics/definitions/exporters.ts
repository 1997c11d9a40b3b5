import { defineExporter, grpcClientFields, httpClientFields, secret, z } from '../../../src/plugin/index.ts';

const start = (): { send(): Promise<void> } => ({ send: async () => {} });

const otlpGrpc = defineExporter({
  type: 'otlp_grpc',
  aliases: ['otlp'],
  summary: 'Sends OTLP over gRPC.',
  signals: ['logs', 'traces', 'metrics'],
  config: z.strictObject(grpcClientFields),
  start,
});

const otlpHttp = defineExporter({
  type: 'otlp_http',
  aliases: ['otlphttp'],
  summary: 'Sends OTLP over HTTP.',
  signals: ['logs', 'traces', 'metrics'],
  timeout: '30s',
  config: z.strictObject({
    endpoint: z.string().min(1).describe('Where to send; the path of the signal is added.'),
    encoding: z.enum(['proto', 'json']).default('proto').describe('How requests are encoded.'),
    ...httpClientFields,
  }),
  start,
});

const loki = defineExporter({
  type: 'loki',
  summary: 'Sends logs to Loki.',
  signals: ['logs'],
  config: z.strictObject({
    endpoint: z
      .url({ protocol: /^https?$/, error: 'expected a URL such as http://loki:3100' })
      .describe('Where Loki is.'),
    password: secret().optional().describe('Password for basic authentication.'),
    labels: z
      .record(z.string().regex(/^[a-zA-Z_]\w*$/, 'a label is letters, digits and _'), z.string())
      .default({})
      .describe('Labels to attributes.'),
  }),
  start,
});

const debug = defineExporter({
  type: 'debug',
  summary: 'Prints.',
  signals: ['logs', 'traces', 'metrics'],
  delivery: 'direct',
  config: z.strictObject({
    verbosity: z.enum(['basic', 'normal', 'detailed']).default('basic').describe('How much is printed.'),
    sampling_initial: z.number().int().positive().default(2).describe('Entries printed each second before sampling.'),
    use_internal_logger: z.boolean().default(true).describe('Print through the log.'),
  }),
  start,
});

export const exporters = [otlpGrpc, otlpHttp, loki, debug];
