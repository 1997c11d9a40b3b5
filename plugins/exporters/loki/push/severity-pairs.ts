import type { RecordScan } from 'sluice/plugin';
import { wordsOf, type Words } from './bytes.ts';
import { isKey, nameField } from './names.ts';
import type { Pairs, PairWriter } from './pairs.ts';

const names = {
  number: nameField('severity_number'),
  text: nameField('severity_text'),
  flags: nameField('flags'),
};
const field = { number: 2, text: 3, flags: 8 } as const;

/** The pairs for severity and flags: the same few again and again, so those of the record before are kept. */
export class SeverityPairs {
  private readonly scan: RecordScan;
  private readonly pairs: PairWriter;
  private readonly wanted: { readonly severity: boolean; readonly flags: boolean };
  private number = -1;
  private text: Words = wordsOf(new Uint8Array(0));
  private flags = -1;
  private last: Pairs = { bytes: new Uint8Array(0), count: 0, size: 0 };

  constructor(scan: RecordScan, pairs: PairWriter, wanted: { readonly severity: boolean; readonly flags: boolean }) {
    this.scan = scan;
    this.pairs = pairs;
    this.wanted = wanted;
  }

  /** Those of the record at which the scan stands. To be asked before an entry has pairs of its own. */
  of(inputView: DataView): Pairs {
    const { record } = this.scan;
    const number = this.wanted.severity ? this.scan.varint(record, field.number) : 0;
    const start = this.wanted.severity ? Math.max(0, record.start(field.text)) : 0;
    const end = start > 0 ? record.end(field.text) : 0;
    const flagsAt = this.wanted.flags ? record.start(field.flags) : -1;
    const flags = flagsAt < 0 ? 0 : inputView.getUint32(flagsAt, true);
    if (number === this.number && flags === this.flags && isKey(this.text, inputView, start, end)) return this.last;
    this.number = number;
    this.flags = flags;
    this.text = wordsOf(this.scan.input.subarray(start, end));
    this.last = this.pairs.collect(() => {
      if (number > 0) this.pairs.text(names.number, String(number));
      if (end > start) this.pairs.range(names.text, start, end);
      if (flags > 0) this.pairs.text(names.flags, String(flags));
    });
    return this.last;
  }
}
