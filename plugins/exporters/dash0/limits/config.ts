import { byteSize, duration, z } from 'sluice/plugin';

const most = (value: number, description: string) => z.number().int().positive().default(value).describe(description);

/** The limits that Dash0 documents (https://www.dash0.com/docs/dash0/cost-control/quotas-and-limits, April 2026). */
export const limits = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe(
        'Shorten spans and log records to the limits below before they are sent. Each cut is counted, and what is left out is added to the dropped counts in the data.',
      ),
    span_name_length: most(128, 'Longest name of a span, in characters.'),
    attributes_per_span: most(32, 'Most attributes of a span.'),
    attributes_per_log_record: most(16, 'Most attributes of a log record.'),
    attribute_key_length: most(128, 'Longest key of an attribute, in characters.'),
    attribute_value_length: most(2048, 'Longest text in the value of an attribute, in characters.'),
    events_per_span: most(8, 'Most events of a span; exceptions are kept before others.'),
    event_name_length: most(128, 'Longest name of an event, in characters.'),
    attributes_per_event: most(8, 'Most attributes of an event.'),
    links_per_span: most(128, 'Most links of a span.'),
    attributes_per_link: most(8, 'Most attributes of a link.'),
    log_body_size: byteSize()
      .default(4096)
      .describe('Longest text as the body of a log record, in bytes; bodies that are maps or lists are left alone.'),
    max_age: duration()
      .prefault('6h')
      .describe('Spans and log records that are older are counted, and sent as they are; 0 looks at no age.'),
    max_future: duration()
      .prefault('72h')
      .describe('Spans and log records that lie further ahead are counted, and sent as they are; 0 does not look.'),
  })
  .prefault({})
  .describe('What Dash0 takes of a span or log record at most, as its documentation says.');

export type Limits = z.output<typeof limits>;
