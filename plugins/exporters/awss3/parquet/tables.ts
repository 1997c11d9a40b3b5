import type { Signal } from 'sluice/plugin';
import { decodedTable } from './decoded-table.ts';
import type { AttributeStyle } from './fields.ts';
import type { Sheet } from './leaf.ts';
import { scannedLogs } from './scanned-logs.ts';
import { scannedSpans } from './scanned-spans.ts';
import { scannedTable } from './scanned-table.ts';
import type { Table } from './table.ts';

export function tableOf(signal: Signal, sheet: Sheet, style: AttributeStyle): Table {
  if (style === 'json' && signal === 'logs') return scannedTable(sheet, scannedLogs);
  if (style === 'json' && signal === 'traces') return scannedTable(sheet, scannedSpans);
  return decodedTable(signal, sheet, style);
}
