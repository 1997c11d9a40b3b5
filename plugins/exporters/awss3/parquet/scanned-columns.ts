import type { Message, RecordScan } from 'sluice/plugin';
import type { Column } from './column.ts';
import { field, type Field } from './fields.ts';
import type { Sheet } from './leaf.ts';
import type { StagedTexts } from './staged-texts.ts';
import { timestamp } from './time-leaf.ts';

/** The columns that records of one signal have of their own, filled from their encoding. */
export interface ScannedColumns {
  /** All of them, in order. */
  readonly columns: readonly Column[];
  /** Those that take each record at once, and those that it is staged for. */
  readonly fields: readonly Field<RecordScan>[];
  readonly texts: StagedTexts;
}

/** A field of text. */
export function textIn(scan: RecordScan, message: Message, number: number): string | undefined {
  return message.has(number) ? scan.text(message.start(number), message.end(number)) : undefined;
}

/** Reads a text of the record. */
export function textOf(scan: RecordScan, number: number): () => string | undefined {
  const { record } = scan;
  return () => textIn(scan, record, number);
}

/** Reads a varint of 32 bits of the record. */
export function uint32Of(scan: RecordScan, number: number): () => number {
  return () => scan.varint(scan.record, number) >>> 0;
}

export function timeColumn(sheet: Sheet, name: string, number: number): Field<RecordScan> {
  const leaf = timestamp(sheet, name);
  return field(leaf, (scan) => {
    if (scan.readWords(scan.record, number)) leaf.addWords(scan.low, scan.high);
    else leaf.addWords(0, 0);
  });
}
