import { jsonShape, type JsonShape, type JsonValue, type RecordScan } from 'sluice/plugin';
import { flatColumn, type Column } from './column.ts';
import type { Sheet } from './leaf.ts';
import { text, type TextLeaf } from './text-leaf.ts';

/** When there is so much, the texts go on to their columns. */
const mostRows = 512;
const mostBytes = 256 * 1024;

/** Text columns that the output of a scan fills: each row's texts are written there, and go on when there are many rows. */
export class StagedTexts {
  readonly columns: readonly Column[];
  private readonly scan: RecordScan;
  private readonly shape: JsonShape;
  private readonly leaves: readonly TextLeaf[];
  private rows = 0;

  /** `values` are what each column has of a record. */
  constructor(sheet: Sheet, scan: RecordScan, values: Readonly<Record<string, JsonValue>>) {
    this.scan = scan;
    this.shape = jsonShape(Object.values(values));
    this.leaves = Object.keys(values).map((name) => text(sheet, name, { varied: true }));
    this.columns = this.leaves.map((leaf) => flatColumn(leaf));
  }

  /** Takes those of the current record. */
  add(): void {
    this.scan.writeRow(this.shape, this.scan.record, this.rows++);
  }

  get isFull(): boolean {
    return this.rows >= mostRows || this.scan.length >= mostBytes;
  }

  /** The columns take over the texts since the last time. */
  flush(): void {
    for (const [index, leaf] of this.leaves.entries())
      leaf.addColumn(this.scan.column(this.shape, index, this.rows), this.rows);
    this.scan.cut(0);
    this.rows = 0;
  }
}
