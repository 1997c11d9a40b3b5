import { enumValues, jsonName, type Message, type RecordScan } from 'sluice/plugin';
import { arrival, attributesOf, hex, ids, list, string, time, type WriteRecord } from './members.ts';

const timestamp = jsonName('timestamp');
const endTimestamp = jsonName('end_timestamp');
const duration = jsonName('duration_ns');
const spanName = jsonName('name');
const kind = jsonName('kind');
const parent = jsonName('parent_span_id');
const traceState = jsonName('trace_state');
const status = jsonName('status');
const statusMessage = jsonName('status_message');
const events = jsonName('events');
const links = jsonName('links');

/** As JSON. */
const kinds = enumValues.SpanKind.map((name) => Buffer.from(`"${name.replace('SPAN_KIND_', '')}"`));
const codes = enumValues.StatusCode.map((name) => Buffer.from(`"${name.replace('STATUS_CODE_', '')}"`));

/** Writes spans. Each scan has one, for it reads what stands within a span. */
export function spanWriter(scan: RecordScan): WriteRecord {
  const inner = scan.child();
  return (_scan, receivedAt) => {
    const { record } = scan;
    if (!time(scan, record, 7, timestamp)) arrival(scan, timestamp, receivedAt);
    if (time(scan, record, 8, endTimestamp)) {
      scan.member(duration);
      scan.ascii(String(scan.fixed64(record, 8) - scan.fixed64(record, 7)));
    }
    string(scan, record, 5, spanName);
    enumName(scan, record, 6, kinds);
    ids(scan, record, 1, 2);
    hex(scan, record, 4, parent);
    string(scan, record, 3, traceState);
    if (record.has(15)) {
      inner.read(record.start(15), record.end(15), 0);
      scan.member(status);
      scan.raw(codes[scan.varint(inner, 3)] ?? (codes[0] as Buffer));
      string(scan, inner, 2, statusMessage);
    }
    attributesOf(scan, record);
    list(scan, record, 11, events, (start, end) => {
      inner.read(start, end, 3);
      time(scan, inner, 1, timestamp);
      string(scan, inner, 2, spanName);
      attributesOf(scan, inner);
    });
    list(scan, record, 13, links, (start, end) => {
      inner.read(start, end, 4);
      ids(scan, inner, 1, 2);
      string(scan, inner, 3, traceState);
      attributesOf(scan, inner);
    });
  };
}

function enumName(scan: RecordScan, record: Message, field: number, names: readonly Uint8Array[]): void {
  const value = scan.varint(record, field);
  if (value === 0) return;
  scan.member(kind);
  scan.raw(names[value] ?? Buffer.from(`"${value}"`));
}
