import { RecordScan } from 'sluice/plugin';
import { Fields } from './fields.ts';
import type { Sheet } from './leaf.ts';
import { jsonPlaces, placeFields, type Place } from './place.ts';
import type { ScannedColumns } from './scanned-columns.ts';
import { ScannedPlaces } from './scanned-place.ts';
import type { RowSink, Table } from './table.ts';

/** Records with attributes as JSON, straight from their encoding. The columns are those of decoded ones. */
export function scannedTable(sheet: Sheet, ownColumns: (sheet: Sheet, scan: RecordScan) => ScannedColumns): Table {
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
