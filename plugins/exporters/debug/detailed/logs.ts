import { enumValues, type LogRecord } from 'sluice/plugin';
import { timestamp } from '../numbers.ts';
import { typedValue } from '../values.ts';
import { attributeLines } from './attributes.ts';
import { enumName } from './enum-name.ts';

/** A log record in the Collector's many-line form. */
export function logLines(record: LogRecord, index: number): string[] {
  return [
    `LogRecord #${index}`,
    `ObservedTimestamp: ${timestamp(record.observedTimeUnixNano)}`,
    `Timestamp: ${timestamp(record.timeUnixNano)}`,
    `SeverityText: ${record.severityText}`,
    `SeverityNumber: ${enumName(enumValues.SeverityNumber, record.severityNumber)}(${record.severityNumber})`,
    ...(record.eventName === '' ? [] : [`EventName: ${record.eventName}`]),
    `Body: ${typedValue(record.body)}`,
    ...attributeLines('Attributes', record.attributes),
    `Trace ID: ${record.traceId}`,
    `Span ID: ${record.spanId}`,
    `Flags: ${record.flags}`,
  ];
}
