import { decode, type Batch, type LogRecord, type Signal, type Span } from 'sluice/plugin';
import type { AttributeStyle } from './attribute-columns.ts';
import type { Column } from './column.ts';
import { Fields, type Field } from './fields.ts';
import type { Sheet } from './leaf.ts';
import { logFields } from './logs.ts';
import { pointFields, pointRows, type PointRow } from './metrics.ts';
import { placeFields, placesOf } from './place.ts';
import { spanFields } from './traces.ts';

/** The columns of one signal, and how a batch goes into them. */
export interface Table {
  readonly columns: readonly Column[];
  /** Adds every record, and calls `endRow` after each. */
  add(batch: Batch, endRow: () => void): void;
}

export function tableOf(signal: Signal, sheet: Sheet, style: AttributeStyle): Table {
  switch (signal) {
    case 'logs':
      return table(sheet, style, logFields(new Fields<LogRecord>(sheet, style)), (entry) => [entry as LogRecord]);
    case 'traces':
      return table(sheet, style, spanFields(new Fields<Span>(sheet, style)), (entry) => [entry as Span]);
    case 'metrics':
      return table(sheet, style, pointFields(new Fields<PointRow>(sheet, style)), (entry) =>
        pointRows(entry as PointRow['metric']),
      );
  }
}

function table<R>(
  sheet: Sheet,
  style: AttributeStyle,
  own: readonly Field<R>[],
  rowsOf: (entry: unknown) => Iterable<R>,
): Table {
  const place = placeFields(new Fields(sheet, style));
  return {
    columns: [...own, ...place],
    add(batch, endRow) {
      for (const group of decode<Signal>(batch).resources)
        for (const [where, scope] of placesOf(group))
          for (const entry of scope.records)
            for (const row of rowsOf(entry)) {
              for (const field of own) field.add(row);
              for (const field of place) field.add(where);
              endRow();
            }
    },
  };
}
