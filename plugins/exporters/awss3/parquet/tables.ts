import type { Signal } from 'sluice/plugin';
import { decodedTable } from './decoded-table.ts';
import type { AttributeStyle } from './fields.ts';
import type { Sheet } from './leaf.ts';
import { scannedLogs } from './scanned-logs.ts';
import type { Table } from './table.ts';

export function tableOf(signal: Signal, sheet: Sheet, style: AttributeStyle): Table {
  // Logs come by the million; of spans and points, too much stands in lists for it to pay.
  return signal === 'logs' && style === 'json' ? scannedLogs(sheet) : decodedTable(signal, sheet, style);
}
