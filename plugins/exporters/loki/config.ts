import { byteSize, duration, httpClientFields, z } from 'sluice/plugin';
import { labels } from './labels/config.ts';
import { tenant } from './tenant.ts';

const structuredMetadata = z.strictObject({
  resource: z.boolean().default(true).describe('Keep resource attributes that are no labels.'),
  scope: z.boolean().default(true).describe('Keep `scope_name`, `scope_version` and the attributes of the scope.'),
  record: z
    .boolean()
    .optional()
    .describe('Keep record attributes that are no labels. Left out: only where the line does not hold them.'),
  trace: z.boolean().default(true).describe('Keep `trace_id` and `span_id`.'),
  severity: z.boolean().default(true).describe('Keep `severity_number` and `severity_text`.'),
  flags: z.boolean().default(true).describe('Keep `flags`.'),
  event_name: z.boolean().default(true).describe('Keep `event_name`.'),
  observed_timestamp: z
    .boolean()
    .default(true)
    .describe('Keep `observed_timestamp`, in nanoseconds, beside the time of the record.'),
});

const limits = z.strictObject({
  max_line_size: byteSize()
    .default(256 * 1024)
    .describe('Longest line, in bytes. Longer ones are handled by `on_long_line`; 0 is unbounded.'),
  on_long_line: z
    .enum(['cut', 'drop'])
    .default('cut')
    .describe('A line that is too long is cut and ends with a mark, or its record is dropped. Either is counted.'),
  max_structured_metadata_size: byteSize()
    .default(64 * 1024)
    .describe(
      'Most structured metadata of one entry, in bytes. What does not fit is left out and counted; 0 is unbounded.',
    ),
  max_structured_metadata_entries: z
    .number()
    .int()
    .nonnegative()
    .default(128)
    .describe(
      'Most pairs of structured metadata of one entry. What does not fit is left out and counted; 0 is unbounded.',
    ),
  max_age: duration()
    .default(0)
    .describe('Records older than this are dropped here and counted. 0 leaves the decision to Loki.'),
});

const cardinality = z.strictObject({
  max_combinations: z
    .number()
    .int()
    .positive()
    .default(100_000)
    .describe('Most combinations of labels, which are streams to Loki.'),
  max_values: z
    .number()
    .int()
    .positive()
    .default(1000)
    .describe('Most values of one label. Further ones go to structured metadata, and are counted.'),
  forget_after: duration()
    .default(3_600_000)
    .describe('Combinations without a record for this long make room for others.'),
});

const ofPush = { labels, structured_metadata: structuredMetadata, limits, cardinality };

export const config = z
  .strictObject({
    endpoint: z
      .string()
      .min(1)
      .describe(
        'Where Loki is: `https://host:port`, `http://…`, `host:port` or `unix:///path`; the path of the API is added.',
      ),
    mode: z
      .enum(['push', 'otlp'])
      .default('push')
      .describe(
        "push: Loki's own API, with labels chosen here. otlp: OTLP as it is, with labels chosen by Loki, which then may refuse records without a word (see `split_streams`).",
      ),
    encoding: z
      .enum(['protobuf', 'json'])
      .default('protobuf')
      .describe(
        'How a push is written: protobuf with snappy, or JSON with `compression`. Of JSON, Loki keeps the escapes in structured metadata, backslashes and all.',
      ),
    format: z
      .enum(['raw', 'json', 'logfmt'])
      .default('raw')
      .describe('The line: the body as text, or the body and the attributes of the record as JSON or logfmt.'),
    labels: labels.optional().describe('What becomes a label. Everything else goes to structured metadata.'),
    structured_metadata: structuredMetadata.optional().describe('What goes to structured metadata.'),
    tenant: tenant.optional().describe('Who the data belongs to, for the header `X-Scope-OrgID`.'),
    cardinality: cardinality
      .optional()
      .describe('The guard against too many streams. A label beyond it goes to structured metadata for new values.'),
    limits: limits.optional().describe("Loki's limits, as they are configured there."),
    split_streams: z
      .enum(['auto', 'always', 'never'])
      .default('auto')
      .describe(
        'Which streams go in requests of their own. Of one request Loki tells what it refused of the last stream alone. auto: those that are new, fast or have entries far behind, of which it may refuse some; always: each; never: none, and what Loki then refuses may pass unseen.',
      ),
    ...httpClientFields,
    compression: z
      .enum(['gzip', 'none', ''])
      .default('gzip')
      .describe('How OTLP and JSON are compressed. A push in protobuf always has snappy.'),
  })
  .superRefine((options, context) => {
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message, input: options });
    if (options.mode === 'otlp') {
      for (const path of Object.keys(ofPush) as (keyof typeof ofPush)[])
        if (options[path] !== undefined)
          refuse(path, 'is of mode push; in mode otlp Loki decides by its own otlp_config');
      if (options.format !== 'raw') refuse('format', 'is of mode push; in mode otlp Loki makes the line');
      if (options.encoding !== 'protobuf') refuse('encoding', 'is of mode push; OTLP is always sent as protobuf');
      if (options.split_streams !== 'auto')
        refuse('split_streams', 'is of mode push; in mode otlp Loki makes the streams');
    }
    if (options.tenant !== undefined && Object.keys(options.headers).some((name) => /^x-scope-orgid$/i.test(name)))
      refuse('tenant', 'takes the place of the header X-Scope-OrgID; found both');
  });

export type Config = z.output<typeof config>;

/** How a push is made, every option with its default. */
export interface PushOptions {
  readonly format: Config['format'];
  readonly labels: z.output<typeof labels>;
  readonly metadata: z.output<typeof structuredMetadata> & { readonly record: boolean };
  readonly limits: z.output<typeof limits>;
  readonly cardinality: z.output<typeof cardinality>;
}

export function pushOptions(config: Config): PushOptions {
  const metadata = config.structured_metadata ?? structuredMetadata.parse({});
  return {
    format: config.format,
    labels: config.labels ?? labels.parse({}),
    metadata: { ...metadata, record: metadata.record ?? config.format === 'raw' },
    limits: config.limits ?? limits.parse({}),
    cardinality: config.cardinality ?? cardinality.parse({}),
  };
}
