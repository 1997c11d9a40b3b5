import { RecordScan, type Message } from 'sluice/plugin';
import { Fields, type Field } from './fields.ts';
import type { Sheet } from './leaf.ts';
import { jsonPlaces, placeFields, type Place } from './place.ts';
import { scannedPlace } from './scanned-place.ts';
import { schemaUrlsOf } from './schema-urls.ts';
import { StagedText } from './staged-text.ts';
import type { RowSink, Table } from './table.ts';

/** Fields of a log record. */
const [timeField, severityNumber, severityText, bodyField, droppedCount] = [1, 2, 3, 5, 7];
const [flagsField, traceId, spanId, observedTime, eventName] = [8, 9, 10, 11, 12];

/** When there is so much, the staged text goes on to its columns. */
const stagedRows = 512;
const stagedBytes = 256 * 1024;

/** Log records with attributes as JSON, straight from their encoding. The columns are those of decoded ones. */
export function scannedLogs(sheet: Sheet): Table {
  const scan = new RecordScan();
  const { fields, staged, columns } = ownColumns(sheet);
  const shared = placeFields(new Fields<Place<string>>(sheet), jsonPlaces);

  const endRows = (count: number, rows: RowSink): void => {
    const bytes = scan.bytes();
    for (const column of staged) column.flush(bytes);
    scan.cut(0);
    rows.endRows(count);
  };
  const endRun = (place: Place<string> | undefined, count: number): void => {
    if (place !== undefined && count > 0) for (const field of shared) field.addMany(place, count);
  };

  return {
    columns: [...columns, ...shared],
    add(batch, rows) {
      const urls = schemaUrlsOf(batch);
      let place: Place<string> | undefined;
      let placeIndex = -1;
      let run = 0;
      let count = 0;
      scan.begin(batch);
      while (scan.next()) {
        if (scan.scopeIndex !== placeIndex) {
          endRun(place, run);
          run = 0;
          placeIndex = scan.scopeIndex;
          place = scannedPlace(scan, urls[placeIndex]);
        }
        for (const field of fields) field.add(scan);
        for (const column of staged) column.add(scan);
        run += 1;
        count += 1;
        if (count < stagedRows && scan.length < stagedBytes && count < rows.room) continue;
        endRun(place, run);
        endRows(count, rows);
        run = count = 0;
      }
      endRun(place, run);
      if (count > 0) endRows(count, rows);
    },
  };
}

function ownColumns(sheet: Sheet) {
  const make = new Fields<RecordScan>(sheet);
  const textField = (field: number) => (scan: RecordScan) =>
    scan.record.has(field) ? scan.text(scan.record.start(field), scan.record.end(field)) : undefined;
  const hexColumn = (name: string, field: number): StagedText =>
    new StagedText(sheet, name, (scan) => writeHex(scan, scan.record, field), { quoted: true });
  const timestamp = make.time('timestamp', (scan) => scan.fixed64(scan.record, timeField));
  const observed = make.time('observed_timestamp', (scan) => scan.fixed64(scan.record, observedTime));
  const severity = make.int32('severity_number', (scan) => scan.varint(scan.record, severityNumber) | 0 || undefined);
  const severityName = make.text('severity_text', textField(severityText));
  const body = new StagedText(sheet, 'body', writeBody);
  const trace = hexColumn('trace_id', traceId);
  const span = hexColumn('span_id', spanId);
  const flags = make.uint32('flags', (scan) => fixed32(scan, scan.record, flagsField));
  const event = make.text('event_name', textField(eventName));
  const attributes = new StagedText(sheet, 'attributes', (scan) => {
    const mark = scan.open();
    scan.jsonAttributes(scan.record.attributes);
    scan.close(mark);
    return true;
  });
  const dropped = make.uint32('dropped_attributes_count', (scan) => scan.varint(scan.record, droppedCount) >>> 0);
  const fields: readonly Field<RecordScan>[] = [timestamp, observed, severity, severityName, flags, event, dropped];
  const staged: readonly StagedText[] = [body, trace, span, attributes];
  const columns = [timestamp, observed, severity, severityName, body, trace, span, flags, event, attributes, dropped];
  return { fields, staged, columns };
}

function writeHex(scan: RecordScan, record: Message, field: number): boolean {
  if (!record.has(field) || record.start(field) === record.end(field)) return false;
  scan.jsonHex(record.start(field), record.end(field));
  return true;
}

/** The tags of an AnyValue that holds text or bytes. */
const [textTag, bytesTag] = [0x0a, 0x3a];

/** Nothing is written of empty text as well as of a value with nothing set, which is no body. */
function writeBody(scan: RecordScan): boolean {
  const { record } = scan;
  const [start, end] = [record.start(bodyField), record.end(bodyField)];
  if (!record.has(bodyField) || start === end) return false;
  const mark = scan.length;
  scan.rawValue(start, end);
  if (scan.length > mark) return true;
  scan.rawBytes(start, start + 1);
  const [tag] = scan.bytes(mark);
  scan.cut(mark);
  return tag === textTag || tag === bytesTag;
}

/** The input can be read beyond the field, whose four bytes are the lower half. */
function fixed32(scan: RecordScan, message: Message, field: number): number {
  return message.has(field) ? Number(BigInt.asUintN(32, scan.fixed64(message, field))) : 0;
}
