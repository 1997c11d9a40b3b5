import type { LogRecord } from 'sluice/plugin';
import type { AttributeStyle, Field, Fields } from './fields.ts';
import { textOfValue } from './json.ts';

export function logFields(make: Fields<LogRecord>, style: AttributeStyle): Field<LogRecord>[] {
  return [
    make.time('timestamp', (record) => record.timeUnixNano),
    make.time('observed_timestamp', (record) => record.observedTimeUnixNano),
    make.int32('severity_number', (record) => record.severityNumber || undefined),
    make.text('severity_text', (record) => record.severityText),
    make.exactText('body', (record) => textOfValue(record.body)),
    make.variedText('trace_id', (record) => record.traceId),
    make.variedText('span_id', (record) => record.spanId),
    make.uint32('flags', (record) => record.flags),
    make.text('event_name', (record) => record.eventName),
    make.attributes(style, 'attributes', (record) => record.attributes),
    make.uint32('dropped_attributes_count', (record) => record.droppedAttributesCount),
  ];
}
