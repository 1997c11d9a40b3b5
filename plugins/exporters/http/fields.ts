import { z } from 'sluice/plugin';

/** What of a record can become a member of its JSON object, with the name that it has unless another is configured. */
const defaults = {
  timestamp: ['timestamp', 'When it happened: of a log record, the start of a span, a data point'],
  observed_timestamp: ['', 'When a log record was observed'],
  body: ['message', 'Body of a log record'],
  severity_text: ['level', 'Severity of a log record as text, made of the number where there is only that'],
  severity_number: ['', 'Severity of a log record as a number'],
  event_name: ['event_name', 'Name of an event'],
  trace_id: ['trace_id', 'Trace id'],
  span_id: ['span_id', 'Span id'],
  parent_span_id: ['parent_span_id', "Id of the span's parent"],
  trace_state: ['trace_state', 'Trace state of a span'],
  scope_name: ['scope_name', 'Name of the instrumentation scope'],
  scope_version: ['', 'Version of the instrumentation scope'],
  name: ['name', 'Name of a span or metric'],
  kind: ['kind', 'Kind of a span, such as `server`'],
  end_timestamp: ['end_timestamp', 'End of a span'],
  duration_ns: ['duration_ns', 'Length of a span, in nanoseconds'],
  status: ['status', 'Status of a span: `unset`, `ok`, `error`'],
  status_message: ['status_message', 'Message of the status of a span'],
  events: ['events', 'Events of a span, a list of objects'],
  links: ['links', 'Links of a span, a list of objects'],
  start_timestamp: ['start_timestamp', 'Start of the time that a data point covers'],
  metric_type: ['metric_type', 'Kind of a metric: `gauge`, `sum`, `histogram`, `exponential_histogram`, `summary`'],
  unit: ['unit', 'Unit of a metric'],
  temporality: ['temporality', 'Temporality of a metric: `delta` or `cumulative`'],
  monotonic: ['monotonic', 'Whether a sum only grows'],
  value: ['value', 'Value of a gauge or sum; of other metrics an object with what they have'],
  attributes: ['attributes', 'Attributes of the record, where they are not flattened'],
  resource: ['resource', 'Attributes of the resource, where they are not flattened'],
  scope: ['scope', 'Attributes of the scope, where they are not flattened'],
} as const;

export type FieldName = keyof typeof defaults;

export const fieldNames = Object.keys(defaults) as readonly FieldName[];

const shape = Object.fromEntries(
  Object.entries(defaults).map(([field, [name, what]]) => [field, z.string().default(name).describe(`${what}.`)]),
) as Record<FieldName, z.ZodDefault<z.ZodString>>;

export const fields = z
  .strictObject(shape)
  .prefault({})
  .describe('Names of the members of the JSON objects; an empty one leaves the member out.');
