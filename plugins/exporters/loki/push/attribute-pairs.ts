import type { AttributeTable, RecordScan } from 'sluice/plugin';
import { KnownValues } from './known-values.ts';
import { renew, type Name, type Names } from './names.ts';
import type { PairWriter } from './pairs.ts';

/** Longest value, in bytes, that is looked for. */
const longest = 512;
/** So many new values of an attribute are taken note of, before it is said to be varied. */
const tries = 16;

/** The pairs for attributes of records. A value that was there before is found by its bytes, and is not encoded again. */
export class AttributePairs {
  private readonly scan: RecordScan;
  private readonly pairs: PairWriter;
  private readonly names: Names;
  private readonly known = new KnownValues();
  private view: DataView = new DataView(new ArrayBuffer(0));

  constructor(scan: RecordScan, pairs: PairWriter, names: Names) {
    this.scan = scan;
    this.pairs = pairs;
    this.names = names;
  }

  /** A new batch. `view` is one of the input of the scan. */
  begin(view: DataView): void {
    this.view = view;
    this.known.clear();
  }

  /** Adds those that are no labels to the entry. */
  write(table: AttributeTable): void {
    const { view, names, known, pairs } = this;
    const { input } = this.scan;
    for (let i = 0; i < table.count; i++) {
      const name = names.of(input, view, table.keyStart(i), table.keyEnd(i), i);
      if (name.isLabel) continue;
      const start = table.valueStart(i);
      const end = table.valueEnd(i);
      if (start < 0 || end - start > longest || this.isVaried(name)) {
        pairs.value(name, start, end);
        continue;
      }
      let row = known.find(name.number, view, start, end);
      if (row < 0) row = this.learn(name, start, end);
      else name.known++;
      pairs.pair(known.phrase(row), known.size(row));
    }
  }

  /** Encodes a value that this push has not had before, to be found from now on. */
  private learn(name: Name, start: number, end: number): number {
    name.unknown++;
    const { phrase, size } = this.pairs.collect(() => this.pairs.value(name, start, end));
    return this.known.add(name.number, start, end, phrase, size);
  }

  /** Whether the values of an attribute are new ones mostly, so that nothing is gained by looking for them. */
  private isVaried(name: Name): boolean {
    if (name.push !== this.pairs.push) renew(name, this.pairs.push);
    return name.unknown > tries && name.unknown > name.known;
  }
}
