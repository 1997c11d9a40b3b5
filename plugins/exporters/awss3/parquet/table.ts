import type { Batch, Signal } from 'sluice/plugin';
import type { Column } from './column.ts';
import { decodedTable } from './decoded-table.ts';
import type { AttributeStyle } from './fields.ts';
import type { Sheet } from './leaf.ts';
import { scannedLogs } from './scanned-logs.ts';

/** Where rows end. */
export interface RowSink {
  /** So many rows may be gathered before `endRows`. */
  readonly room: number;
  endRows(count: number): void;
}

/** The columns of one signal, and how a batch goes into them. */
export interface Table {
  readonly columns: readonly Column[];
  add(batch: Batch, rows: RowSink): void;
}

export function tableOf(signal: Signal, sheet: Sheet, style: AttributeStyle): Table {
  // Logs come by the million; of spans and points, too much stands in lists for it to pay.
  return signal === 'logs' && style === 'json' ? scannedLogs(sheet) : decodedTable(signal, sheet, style);
}
