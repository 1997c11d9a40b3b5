import { byteSize, httpClientFields, template, z } from 'sluice/plugin';
import { fields } from './fields.ts';

const status = z.number().int().min(100).max(599);

export const config = z.strictObject({
  endpoint: template().describe(
    'Where to send, `https://host/path`. Path and query may hold attributes, `{service.name}`, and parts of the time, `%Y`; what they hold is percent-encoded.',
  ),
  method: z.enum(['POST', 'PUT', 'PATCH']).default('POST').describe('Method of the requests.'),
  format: z
    .enum(['ndjson', 'json_array'])
    .default('ndjson')
    .describe('A request holds one JSON object a line, or one list of them.'),
  content_type: z
    .string()
    .regex(/^[\x20-\x7e]+$/, 'expected a content type such as application/json')
    .optional()
    .describe('Content type of the requests; `application/x-ndjson` or `application/json` where it is left out.'),
  header_templates: z
    .record(z.string(), template())
    .default({})
    .describe('Headers made of attributes. A batch is cut so that all records of a request have the same.'),
  success: z
    .array(status)
    .min(1)
    .optional()
    .describe('Statuses that mean that the destination has the data; all of 2xx where it is left out.'),
  retry_on_status: z
    .array(status)
    .default([])
    .describe('Further statuses that are tried again; 408, 425, 429 and most of 5xx always are.'),
  max_request_bytes: byteSize()
    .default(0)
    .describe('Largest request before compression; what would be larger is sent in halves. 0 is unbounded.'),
  fields,
  timestamp_format: z
    .enum(['iso8601', 'unix_ms', 'unix_ns'])
    .default('iso8601')
    .describe('How times are written: `2026-01-02T03:04:05.123456789Z`, or a number since the epoch.'),
  flatten: z
    .boolean()
    .default(true)
    .describe(
      'Put attributes at the top of the object: those of the record before those of its scope and resource, and none in place of a field. Off: as objects of their own.',
    ),
  static_fields: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .describe('Members to add to every object.'),
  ...httpClientFields,
});

export type Config = z.output<typeof config>;
