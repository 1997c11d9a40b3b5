import { z } from 'zod';
import { duration, secretHeaders } from '../plugin/groups/index.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;

const logs = z
  .strictObject({
    level: z
      .enum([...levels, 'DEBUG', 'INFO', 'WARN', 'ERROR'])
      .transform((level) => level.toLowerCase() as (typeof levels)[number])
      .default('info')
      .describe('Least severe entries that are written.'),
    encoding: z.enum(['console', 'json']).default('console').describe('Lines for people, or one JSON object a line.'),
    development: ignored(z.boolean(), 'Taken for compatibility.'),
    disable_caller: ignored(z.boolean(), 'Taken for compatibility.'),
    disable_stacktrace: ignored(z.boolean(), 'Taken for compatibility.'),
    sampling: ignored(z.unknown(), 'Taken for compatibility; repeated entries are always rate-limited.'),
    output_paths: ignored(z.array(z.string()), 'Taken for compatibility; entries go to standard error.'),
    error_output_paths: ignored(z.array(z.string()), 'Taken for compatibility.'),
    initial_fields: ignored(z.record(z.string(), z.unknown()), 'Taken for compatibility.'),
    processors: ignored(z.array(z.unknown()), 'Taken for compatibility; own logs are not exported by the service.'),
  })
  .prefault({})
  .describe("The service's own log.");

const prometheus = z.strictObject({
  host: z.string().default('localhost').describe('Address to listen on.'),
  port: z.number().int().min(0).max(65_535).default(8888).describe('Port to listen on.'),
  without_scope_info: ignored(z.boolean(), 'Taken for compatibility.'),
  without_units: ignored(z.boolean(), 'Taken for compatibility.'),
  without_type_suffix: ignored(z.boolean(), 'Taken for compatibility.'),
  with_resource_constant_labels: ignored(z.unknown(), 'Taken for compatibility.'),
});

const otlp = z.strictObject({
  protocol: z.string().optional().describe('`http/protobuf` or `grpc`.'),
  endpoint: z.string().optional().describe('Where to send.'),
  headers: z
    .union([secretHeaders(), z.array(z.unknown())])
    .optional()
    .describe('Headers to add.'),
  headers_list: z.string().optional().describe('Headers to add, as one text.'),
  compression: z.string().optional().describe('How requests are compressed.'),
  insecure: z.boolean().optional().describe('Plain text instead of TLS.'),
  timeout: z.unknown().optional().describe('Longest time for one request.'),
  tls: z.unknown().optional().describe('TLS towards the destination.'),
  temporality_preference: z.string().optional().describe('`cumulative` or `delta`.'),
  default_histogram_aggregation: z.string().optional().describe('Kind of histograms.'),
});

const periodic = z.strictObject({
  interval: z
    .union([z.number(), duration()])
    .optional()
    .describe('Time between two exports; a number is milliseconds.'),
  timeout: z.union([z.number(), duration()]).optional().describe('Longest time for an export.'),
  exporter: z
    .strictObject({
      otlp: otlp.optional().describe('Exports OTLP.'),
      console: z.unknown().optional().describe('Prints.'),
    })
    .describe('Where to.'),
});

const reader = z.strictObject({
  pull: z
    .strictObject({
      exporter: z
        .strictObject({ prometheus: prometheus.prefault({}).describe('The page `/metrics`.') })
        .prefault({})
        .describe('In which form.'),
    })
    .optional()
    .describe('Metrics that are fetched.'),
  periodic: ignored(periodic, 'Metrics that are sent; own metrics are only offered for fetching.'),
});

const metrics = z
  .strictObject({
    level: z
      .enum(['none', 'basic', 'normal', 'detailed'])
      .default('normal')
      .describe('How many metrics there are; `none` switches the page off.'),
    readers: z
      .array(reader)
      .optional()
      .describe('Who reads the metrics; the page `/metrics` on localhost:8888 where it is left out.'),
    address: z
      .string()
      .regex(/^.*:\d{1,5}$/, 'expected host:port')
      .optional()
      .describe('Where the page `/metrics` listens, as `host:port`; earlier spelling of `readers`.')
      .meta({ replacement: 'readers: [{pull: {exporter: {prometheus: {host, port}}}}]' }),
    views: ignored(z.array(z.unknown()), 'Taken for compatibility.'),
  })
  .prefault({})
  .describe("The service's own metrics.");

const attributeValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const resource = z
  .union([
    z.strictObject({
      attributes: z
        .array(
          z.strictObject({
            name: z.string().describe('Name of the attribute.'),
            value: attributeValue.describe('Its value.'),
            type: z.string().optional().describe('Its type; the value tells.'),
          }),
        )
        .describe('Attributes, as a list.'),
      schema_url: z.string().optional().describe('Schema of the attributes.'),
    }),
    z.record(z.string(), attributeValue),
  ])
  .default({})
  .describe("Attributes of the service's own telemetry.");

export const telemetrySchema = z
  .strictObject({
    logs,
    metrics,
    resource,
    traces: ignored(z.record(z.string(), z.unknown()), 'Taken for compatibility; the service does not trace itself.'),
  })
  .prefault({})
  .describe('What the service tells about itself.');

function ignored<S extends z.ZodType>(schema: S, description: string) {
  return schema.optional().describe(description).meta({ ignored: true });
}
