import { ByteWriter } from 'hyparquet-writer';
import type { WrittenColumn } from 'sluice/plugin';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import type { DataPage } from './column-chunk.ts';
import { Leaf, type LeafPlace, type Sheet } from './leaf.ts';
import { PlainBytes } from './plain-bytes.ts';
import type { SchemaElement, Statistics } from './thrift.ts';

const dictionaryBytes = 256 * 1024;
const dictionaryEntries = 16_384;

/** Text. Values that come again and again are kept once, in a dictionary, until there are too many of them. */
export class TextLeaf extends Leaf {
  /** False where few values come twice: then it is not even tried. */
  private indexed: boolean;
  private readonly entries = new Map<string, number>();
  private readonly entryBytes = new PlainBytes();
  /** Of the dictionary of this chunk, also when it is not added to any more. */
  private entryCount = 0;
  private indexes: number[] = [];
  private lastValue: string | undefined = undefined;
  private lastIndex = 0;
  /** Some pages of the chunk have a dictionary, and some have none. */
  private mixed = false;

  constructor(sheet: Sheet, element: SchemaElement, options: { readonly varied: boolean }, place?: LeafPlace) {
    super(sheet, element, place);
    this.indexed = !options.varied;
  }

  add(value: string | undefined): void {
    if (value === undefined) this.absent();
    else this.put(value);
  }

  /** The same value for a number of rows. */
  addMany(value: string | undefined, count: number): void {
    for (let left = count; left > 0;) {
      const now = Math.min(left, this.indexed || value === undefined ? this.room : 1);
      if (value === undefined) this.absentMany(now);
      else if (this.indexed) this.putMany(value, now);
      else this.put(value);
      left -= now;
    }
  }

  /** Rows of a column of varied values. */
  addColumn({ encoded, present, isPresent }: WrittenColumn, rows: number): void {
    this.sheet.size += encoded.length - 4 * present;
    this.values.append(encoded);
    this.slots(rows, present, isPresent);
  }

  put(value: string, repetition = 0): void {
    if (this.indexed) {
      this.indexes.push(value === this.lastValue ? this.lastIndex : this.indexOf(value));
      this.sheet.size += 4;
    } else {
      this.sheet.size += this.values.text(value);
    }
    this.present(repetition);
  }

  /** A dictionary that grew too large serves the pages so far; the rest of the file does without. */
  override endRow(): void {
    if (this.indexed && (this.entryBytes.length > dictionaryBytes || this.entries.size > dictionaryEntries)) {
      this.endPage();
      this.indexed = false;
      this.mixed = true;
      this.forget();
    }
    super.endRow();
  }

  protected override page(): Pick<DataPage, 'encoding' | 'values'> {
    // A page of nulls needs no dictionary, and the chunk may have none.
    if (!this.indexed || this.indexes.length === 0) return super.page();
    const bitWidth = 32 - Math.clz32(Math.max(0, this.entries.size - 1));
    const writer = new ByteWriter();
    writer.appendUint8(bitWidth);
    writeRleBitPackedHybrid(writer, this.indexes, bitWidth);
    this.indexes = [];
    return { encoding: 'RLE_DICTIONARY', values: writer.getBytes() };
  }

  protected override dictionary(): { readonly values: Uint8Array; readonly count: number } | undefined {
    const { length } = this.entryBytes;
    return length === 0 ? undefined : { values: this.entryBytes.written(), count: this.entryCount };
  }

  protected override range(): Statistics {
    if (!this.indexed || this.mixed || this.entries.size === 0) return {};
    let least: Buffer | undefined;
    let most: Buffer | undefined;
    for (const text of this.entries.keys()) {
      const bytes = Buffer.from(text);
      if (least === undefined || bytes.compare(least) < 0) least = bytes;
      if (most === undefined || bytes.compare(most) > 0) most = bytes;
    }
    return { ...(least !== undefined && { min_value: least }), ...(most !== undefined && { max_value: most }) };
  }

  protected override reset(): void {
    this.forget();
    this.entryBytes.clear();
    this.entryCount = 0;
    this.mixed = false;
  }

  private putMany(value: string, count: number): void {
    const index = value === this.lastValue ? this.lastIndex : this.indexOf(value);
    for (let i = 0; i < count; i++) this.indexes.push(index);
    this.sheet.size += 4 * count;
    this.presentMany(count);
  }

  private indexOf(value: string): number {
    let index = this.entries.get(value);
    if (index === undefined) {
      index = this.entryCount++;
      this.entries.set(value, index);
      this.sheet.size += this.entryBytes.text(value);
    }
    this.lastValue = value;
    this.lastIndex = index;
    return index;
  }

  private forget(): void {
    this.entries.clear();
    this.lastValue = undefined;
  }
}

/** A text column; `varied` says that few values come twice. */
export function text(sheet: Sheet, name: string, options: { readonly varied: boolean } = { varied: false }): TextLeaf {
  return new TextLeaf(sheet, { ...textElement(name), repetition_type: 'OPTIONAL' }, options);
}

export function textElement(name: string): SchemaElement {
  return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
}
