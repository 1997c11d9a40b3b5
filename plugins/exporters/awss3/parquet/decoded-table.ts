import { decode, type Attributes, type Batch, type LogRecord, type Signal, type Span } from 'sluice/plugin';
import { Fields, type AttributeStyle, type Field } from './fields.ts';
import type { Sheet } from './leaf.ts';
import { logFields } from './logs.ts';
import { pointFields, pointRows, type PointRow } from './metrics.ts';
import { jsonPlaces, mapPlaces, placeFields, placesOf, type Place, type PlaceStyle } from './place.ts';
import type { RowSink, Table } from './table.ts';
import { spanFields } from './traces.ts';

/** Records that are decoded. */
export function decodedTable(signal: Signal, sheet: Sheet, style: AttributeStyle): Table {
  switch (signal) {
    case 'logs':
      return inStyle(sheet, style, logFields(new Fields<LogRecord>(sheet), style), (entry) => [entry as LogRecord]);
    case 'traces':
      return inStyle(sheet, style, spanFields(new Fields<Span>(sheet), style), (entry) => [entry as Span]);
    case 'metrics':
      return inStyle(sheet, style, pointFields(new Fields<PointRow>(sheet), style), (entry) =>
        pointRows(entry as PointRow['metric']),
      );
  }
}

type RowsOf<R> = (entry: unknown) => Iterable<R>;

function inStyle<R>(sheet: Sheet, style: AttributeStyle, own: readonly Field<R>[], rowsOf: RowsOf<R>): Table {
  return style === 'json' ? table(sheet, jsonPlaces, own, rowsOf) : table(sheet, mapPlaces, own, rowsOf);
}

function table<R, A extends string | Attributes>(
  sheet: Sheet,
  style: PlaceStyle<A>,
  own: readonly Field<R>[],
  rowsOf: RowsOf<R>,
): Table {
  const shared = placeFields(new Fields<Place<A>>(sheet), style);
  const endRows = (place: Place<A>, count: number, rows: RowSink): void => {
    if (count === 0) return;
    for (const field of shared) field.addMany(place, count);
    rows.endRows(count);
  };
  return {
    columns: [...own, ...shared],
    add(batch: Batch, rows) {
      for (const group of decode<Signal>(batch).resources)
        for (const [place, scope] of placesOf(group, style)) {
          let count = 0;
          for (const entry of scope.records)
            for (const row of rowsOf(entry)) {
              for (const field of own) field.add(row);
              count += 1;
              if (count < rows.room) continue;
              endRows(place, count, rows);
              count = 0;
            }
          endRows(place, count, rows);
        }
    },
  };
}
