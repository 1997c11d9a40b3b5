import { jsonShape, type RecordScan } from 'sluice/plugin';
import type { Column } from './column.ts';
import { enumName } from './enum-name.ts';
import { Fields } from './fields.ts';
import type { Sheet } from './leaf.ts';
import { textIn, textOf, timeColumn, uint32Of, type ScannedColumns } from './scanned-columns.ts';
import { StagedTexts } from './staged-texts.ts';
import { duration } from './traces.ts';

/** Fields of a span, and of its status. */
const [traceId, spanId, traceState, parentSpanId, nameField, kindField, startTime, endTime] = [1, 2, 3, 4, 5, 6, 7, 8];
const [droppedAttributes, eventsField, droppedEvents, linksField, droppedLinks, statusField, flagsField] = [
  10, 11, 12, 13, 14, 15, 16,
];
const [statusMessage, statusCode] = [2, 3];

const events = jsonShape(
  [
    { name: 'time_unix_nano', field: 1, as: 'fixed64', always: true },
    { name: 'name', field: 2, as: 'string', always: true },
    { name: 'attributes', as: 'attributes' },
    { name: 'dropped_attributes_count', field: 4, as: 'uint64', always: true },
  ],
  3,
);

const links = jsonShape(
  [
    { name: 'trace_id', field: 1, as: 'hex', always: true },
    { name: 'span_id', field: 2, as: 'hex', always: true },
    { name: 'trace_state', field: 3, as: 'string', always: true },
    { name: 'attributes', as: 'attributes' },
    { name: 'dropped_attributes_count', field: 5, as: 'uint64', always: true },
    { name: 'flags', field: 6, as: 'fixed32', always: true },
  ],
  4,
);

/** Those of `spanFields`. */
export function scannedSpans(sheet: Sheet, scan: RecordScan): ScannedColumns {
  const make = new Fields<RecordScan>(sheet);
  const { record } = scan;
  const texts = new StagedTexts(sheet, scan, {
    trace_id: { field: traceId, as: 'hex' },
    span_id: { field: spanId, as: 'hex' },
    parent_span_id: { field: parentSpanId, as: 'hex' },
    attributes: { as: 'attributes' },
    events: { field: eventsField, as: 'objects', of: events, always: true },
    links: { field: linksField, as: 'objects', of: links, always: true },
  });
  const [trace, span, parent, ...lists] = texts.columns as [Column, Column, Column, ...Column[]];
  const times = [
    timeColumn(sheet, 'timestamp', startTime),
    timeColumn(sheet, 'end_timestamp', endTime),
    make.int64('duration_ns', () => duration(scan.fixed64(record, startTime), scan.fixed64(record, endTime))),
  ];
  const middle = [
    make.text('trace_state', textOf(scan, traceState)),
    make.uint32('flags', () => scan.fixed32(record, flagsField)),
    make.text('name', textOf(scan, nameField)),
    make.text('kind', () => enumName('SpanKind', scan.varint(record, kindField) | 0)),
    ...statusColumns(make, scan),
  ];
  const counts = [
    make.uint32('dropped_attributes_count', uint32Of(scan, droppedAttributes)),
    make.uint32('dropped_events_count', uint32Of(scan, droppedEvents)),
    make.uint32('dropped_links_count', uint32Of(scan, droppedLinks)),
  ];
  return {
    columns: [...times, trace, span, parent, ...middle, ...lists, ...counts],
    fields: [...times, ...middle, ...counts],
    texts,
  };
}

/** The code is asked for first: it reads the status. */
function statusColumns(make: Fields<RecordScan>, scan: RecordScan) {
  const { record } = scan;
  const status = scan.child();
  return [
    make.text('status_code', () => {
      if (!record.has(statusField)) return undefined;
      status.read(record.start(statusField), record.end(statusField), 0);
      return enumName('StatusCode', scan.varint(status, statusCode) | 0);
    }),
    make.text('status_message', () => (record.has(statusField) ? textIn(scan, status, statusMessage) : undefined)),
  ];
}
