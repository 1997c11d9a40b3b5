import { RecordScan } from 'sluice/plugin';
import type { Column } from './column.ts';
import { field, Fields, type Field } from './fields.ts';
import type { Sheet } from './leaf.ts';
import { jsonPlaces, placeFields, type Place } from './place.ts';
import { ScannedPlaces } from './scanned-place.ts';
import { StagedTexts } from './staged-texts.ts';
import type { RowSink, Table } from './table.ts';
import { timestamp } from './time-leaf.ts';

/** Fields of a log record. */
const [timeField, severityNumber, severityText, bodyField, droppedCount] = [1, 2, 3, 5, 7];
const [flagsField, traceId, spanId, observedTime, eventName] = [8, 9, 10, 11, 12];

/** Log records with attributes as JSON, straight from their encoding. The columns are those of decoded ones. */
export function scannedLogs(sheet: Sheet): Table {
  const scan = new RecordScan();
  const places = new ScannedPlaces(scan);
  const { fields, texts, columns } = ownColumns(sheet, scan);
  const shared = placeFields(new Fields<Place<string>>(sheet), jsonPlaces);

  const endRun = (place: Place<string> | undefined, count: number): void => {
    if (place !== undefined && count > 0) for (const field of shared) field.addMany(place, count);
  };
  const endRows = (count: number, rows: RowSink): void => {
    texts.flush();
    rows.endRows(count);
  };

  return {
    columns: [...columns, ...shared],
    add(batch, rows) {
      let place: Place<string> | undefined;
      let placeIndex = -1;
      let run = 0;
      let count = 0;
      scan.begin(batch);
      while (scan.next()) {
        const { scopeIndex } = scan;
        if (scopeIndex !== placeIndex) {
          endRun(place, run);
          run = 0;
          placeIndex = scopeIndex;
          place = places.current();
        }
        for (const field of fields) field.add(scan);
        texts.add();
        run += 1;
        count += 1;
        if (!texts.isFull && count < rows.room) continue;
        endRun(place, run);
        endRows(count, rows);
        run = count = 0;
      }
      endRun(place, run);
      if (count > 0) endRows(count, rows);
    },
  };
}

function ownColumns(sheet: Sheet, scan: RecordScan) {
  const make = new Fields<RecordScan>(sheet);
  const { record } = scan;
  const textField = (number: number) => () =>
    record.has(number) ? scan.text(record.start(number), record.end(number)) : undefined;
  const time = timeColumn(sheet, 'timestamp', timeField);
  const observed = timeColumn(sheet, 'observed_timestamp', observedTime);
  const severity = make.int32('severity_number', () => scan.varint(record, severityNumber) | 0 || undefined);
  const severityName = make.text('severity_text', textField(severityText));
  const texts = new StagedTexts(sheet, scan, {
    body: { field: bodyField, as: 'text' },
    trace_id: { field: traceId, as: 'hex' },
    span_id: { field: spanId, as: 'hex' },
    attributes: { as: 'attributes' },
  });
  const [body, trace, span, attributes] = texts.columns as [Column, Column, Column, Column];
  const flags = make.uint32('flags', () => scan.fixed32(record, flagsField));
  const event = make.text('event_name', textField(eventName));
  const dropped = make.uint32('dropped_attributes_count', () => scan.varint(record, droppedCount) >>> 0);
  const fields: readonly Field<RecordScan>[] = [time, observed, severity, severityName, flags, event, dropped];
  const columns = [time, observed, severity, severityName, body, trace, span, flags, event, attributes, dropped];
  return { fields, texts, columns };
}

function timeColumn(sheet: Sheet, name: string, number: number): Field<RecordScan> {
  const leaf = timestamp(sheet, name);
  return field(leaf, (scan) => {
    if (scan.readWords(scan.record, number)) leaf.addWords(scan.low, scan.high);
    else leaf.addWords(0, 0);
  });
}
