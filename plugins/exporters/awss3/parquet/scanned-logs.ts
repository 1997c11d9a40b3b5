import type { RecordScan } from 'sluice/plugin';
import type { Column } from './column.ts';
import { Fields } from './fields.ts';
import type { Sheet } from './leaf.ts';
import { textOf, timeColumn, uint32Of, type ScannedColumns } from './scanned-columns.ts';
import { StagedTexts } from './staged-texts.ts';

/** Fields of a log record. */
const [timeField, severityNumber, severityText, bodyField, droppedCount] = [1, 2, 3, 5, 7];
const [flagsField, traceId, spanId, observedTime, eventName] = [8, 9, 10, 11, 12];

/** Those of `logFields`. */
export function scannedLogs(sheet: Sheet, scan: RecordScan): ScannedColumns {
  const make = new Fields<RecordScan>(sheet);
  const { record } = scan;
  const time = timeColumn(sheet, 'timestamp', timeField);
  const observed = timeColumn(sheet, 'observed_timestamp', observedTime);
  const severity = make.int32('severity_number', () => scan.varint(record, severityNumber) | 0 || undefined);
  const severityName = make.text('severity_text', textOf(scan, severityText));
  const texts = new StagedTexts(sheet, scan, {
    body: { field: bodyField, as: 'text' },
    trace_id: { field: traceId, as: 'hex' },
    span_id: { field: spanId, as: 'hex' },
    attributes: { as: 'attributes' },
  });
  const [body, trace, span, attributes] = texts.columns as [Column, Column, Column, Column];
  const flags = make.uint32('flags', () => scan.fixed32(record, flagsField));
  const event = make.text('event_name', textOf(scan, eventName));
  const dropped = make.uint32('dropped_attributes_count', uint32Of(scan, droppedCount));
  return {
    columns: [time, observed, severity, severityName, body, trace, span, flags, event, attributes, dropped],
    fields: [time, observed, severity, severityName, flags, event, dropped],
    texts,
  };
}
