import type { RecordScan } from 'sluice/plugin';
import { flatColumn, type Column } from './column.ts';
import type { Sheet } from './leaf.ts';
import { text, type TextLeaf } from './text-leaf.ts';

/**
 * A text column that the output of a scan fills: each row's text is written there, among that of other columns, and goes on
 * when there are many rows.
 */
export class StagedText implements Column {
  readonly elements: Column['elements'];
  readonly leaves: Column['leaves'];
  private readonly leaf: TextLeaf;
  private readonly write: (scan: RecordScan) => boolean;
  /** Where each row's text begins and ends; -1 where it has none. */
  private bounds: number[] = [];
  private readonly margin: 0 | 1;

  /**
   * `write` appends the text of the current record, and says whether there is one. Where it is `quoted`, the character at each end does
   * not count.
   */
  constructor(sheet: Sheet, name: string, write: (scan: RecordScan) => boolean, options: { quoted?: boolean } = {}) {
    this.margin = options.quoted === true ? 1 : 0;
    this.leaf = text(sheet, name, { varied: true });
    ({ elements: this.elements, leaves: this.leaves } = flatColumn(this.leaf));
    this.write = write;
  }

  add(scan: RecordScan): void {
    const start = scan.length;
    if (this.write(scan)) this.bounds.push(start + this.margin, scan.length - this.margin);
    else this.bounds.push(-1, -1);
  }

  /** Takes over the texts since the last time. */
  flush(staged: Buffer): void {
    const { bounds, leaf } = this;
    for (let i = 0; i < bounds.length; i += 2) {
      const start = bounds[i] as number;
      if (start < 0) leaf.absent();
      else leaf.addBytes(staged, start, bounds[i + 1] as number);
    }
    this.bounds = [];
  }
}
