import { duration, httpClientFields, secret, template, z } from 'sluice/plugin';
import { compatibility } from './compatibility.ts';

const index = (signal: string) =>
  template()
    .optional()
    .describe(
      `Index for ${signal}, a template such as \`${signal}-{service.name|unknown}-%Y.%m.%d\`. Without it, data goes to data streams named by the attributes \`data_stream.dataset\` and \`data_stream.namespace\`.`,
    );

const retry = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Taken for compatibility; `retry_on_failure` says.'),
    max_requests: z.number().int().nonnegative().optional().describe('Taken for compatibility; nothing is given up.'),
    max_retries: z.number().int().nonnegative().optional().describe('Taken for compatibility; nothing is given up.'),
    initial_interval: duration().optional().describe('Taken for compatibility; `retry_on_failure` says.'),
    max_interval: duration().optional().describe('Taken for compatibility; `retry_on_failure` says.'),
    retry_on_status: z
      .array(z.number().int().min(400).max(599))
      .default([])
      .describe(
        'Further statuses, of requests and of single documents, that are tried again. 429 and 5xx always are: the Collector drops documents with a 5xx.',
      ),
  })
  .prefault({})
  .describe('What is tried again.');

export const config = z
  .strictObject({
    endpoint: z.string().min(1).optional().describe('URL of Elasticsearch or OpenSearch, `https://host:9200`.'),
    endpoints: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('URLs of several nodes. They take turns, and one that does not answer is passed over for a while.'),
    cloudid: z.string().min(1).optional().describe('Elastic Cloud ID, in place of an endpoint.'),
    user: z.string().min(1).optional().describe('User for basic authentication.'),
    password: secret().optional().describe('Password for basic authentication.'),
    api_key: secret().optional().describe('API key, encoded as Elasticsearch gives it.'),
    logs_index: index('logs'),
    traces_index: index('traces'),
    metrics_index: index('metrics'),
    logstash_format: z
      .strictObject({
        enabled: z.boolean().default(false).describe('Append the date of the event to the name of the index.'),
        prefix_separator: z.string().default('-').describe('What stands between the name and the date.'),
        date_format: z.string().default('%Y.%m.%d').describe('Form of the date, in UTC.'),
      })
      .prefault({})
      .describe('Indices by date, as Logstash names them.'),
    mapping: z
      .strictObject({
        mode: z
          .enum(['otel', 'ecs', 'none', 'raw', 'bodymap'])
          .default('otel')
          .describe(
            "Form of the documents: OpenTelemetry's own fields, the Elastic Common Schema, OTLP's fields with or without prefixes, or the body of the log record and nothing else.",
          ),
        allowed_modes: z.array(z.string()).optional().describe('Taken for compatibility; the mode is that of `mode`.'),
      })
      .prefault({})
      .describe('How records become documents.'),
    id: z
      .enum(['hash', 'attribute', 'none'])
      .optional()
      .describe(
        'Id of a document, by which a resend makes no duplicate: a hash of all of the record, or its attribute `elasticsearch.document_id` (a hash where it has none), or none. Left out: `hash`, and `none` for metrics in data streams, where ids are not allowed.',
      ),
    op_type: z
      .enum(['create', 'index'])
      .default('create')
      .describe(
        '`create` leaves a document that is there already alone; `index` replaces it, and data streams refuse it.',
      ),
    pipeline: z.string().min(1).optional().describe('Ingest pipeline that documents go through.'),
    retry,
    ...compatibility,
    ...httpClientFields,
    compression: z.enum(['gzip', 'none', '']).default('gzip').describe('How requests are compressed.'),
    compression_params: z
      .strictObject({ level: z.number().int().min(-1).max(9).default(1).describe('Compression level.') })
      .prefault({})
      .describe('Details of the compression.'),
  })
  .refine(
    ({ endpoint, endpoints, cloudid }) =>
      [endpoint, endpoints, cloudid].filter((one) => one !== undefined).length === 1,
    'exactly one of endpoint, endpoints and cloudid is required',
  )
  .refine(({ user, api_key }) => user === undefined || api_key === undefined, 'user and api_key exclude each other')
  .refine(
    ({ user, password }) => (user === undefined) === (password === undefined),
    'user and password belong together',
  );

export type Config = z.output<typeof config>;
