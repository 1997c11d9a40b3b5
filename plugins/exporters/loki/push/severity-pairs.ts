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
const slots = 64;

interface Known {
  readonly number: number;
  readonly text: Words;
  readonly flags: number;
  readonly pairs: Pairs;
}

/** The pairs for severity and flags: the same few again and again, so those of a push are kept. */
export class SeverityPairs {
  private readonly scan: RecordScan;
  private readonly pairs: PairWriter;
  private readonly wanted: { readonly severity: boolean; readonly flags: boolean };
  private readonly known: (Known | undefined)[] = Array.from({ length: slots });

  constructor(scan: RecordScan, pairs: PairWriter, wanted: { readonly severity: boolean; readonly flags: boolean }) {
    this.scan = scan;
    this.pairs = pairs;
    this.wanted = wanted;
  }

  /** A new push. */
  begin(): void {
    this.known.fill(undefined);
  }

  /** Those of the record at which the scan stands. */
  of(inputView: DataView): Pairs {
    const { record } = this.scan;
    const number = this.wanted.severity ? this.scan.varint(record, field.number) : 0;
    const start = this.wanted.severity ? Math.max(0, record.start(field.text)) : 0;
    const end = start > 0 ? record.end(field.text) : 0;
    const flagsAt = this.wanted.flags ? record.start(field.flags) : -1;
    const flags = flagsAt < 0 ? 0 : inputView.getUint32(flagsAt, true);
    const slot = (number + 3 * (end - start) + 32 * flags) & (slots - 1);
    const known = this.known[slot];
    if (known?.number === number && known.flags === flags && isKey(known.text, inputView, start, end))
      return known.pairs;
    return (this.known[slot] = this.learn(number, flags, start, end)).pairs;
  }

  private learn(number: number, flags: number, start: number, end: number): Known {
    const pairs = this.pairs.collect(() => {
      if (number > 0) this.pairs.text(names.number, String(number));
      if (end > start) this.pairs.range(names.text, start, end);
      if (flags > 0) this.pairs.text(names.flags, String(flags));
    });
    return { number, text: wordsOf(this.scan.input.subarray(start, end)), flags, pairs };
  }
}
