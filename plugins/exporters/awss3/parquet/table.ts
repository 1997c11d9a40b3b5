import type { Batch } from 'sluice/plugin';
import type { Column } from './column.ts';

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
