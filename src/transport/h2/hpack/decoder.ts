import { DynamicTable } from './dynamic-table.ts';
import { decodeHuffman, HuffmanError } from './huffman.ts';
import { IntegerReader } from './integer.ts';
import { staticLength, staticNames, staticValues } from './static-table.ts';

/** A decoded header block. Equal blocks of one connection share one object. */
export interface HeaderBlock {
  /** Names and values in turn, in the order of the wire. Latin-1. */
  readonly fields: readonly string[];
  /** The list was larger than the limit; `fields` holds what came before. */
  readonly tooLarge: boolean;
  /** Names and values have only characters that HTTP allows; a name may begin with a colon. */
  readonly sound: boolean;
  /** What the user of the block made of it, kept for the next equal one. */
  memo: unknown;
}

/** The block breaks RFC 7541. The connection cannot go on: both tables are out of step. */
export class HpackError extends Error {
  override readonly name = 'HpackError';
}

export interface DecoderOptions {
  /** Largest dynamic table, as announced to the peer. */
  readonly tableSize: number;
  /** Largest header list, in the protocol's count: name, value and 32 for each field. */
  readonly maxListSize: number;
}

const cachedBlocks = 8;

/** RFC 9113 section 8.2.1. */
const namePattern = /^:?[!#$%&'*+\-.^_`|~0-9a-z]+$/;
// oxlint-disable-next-line no-control-regex -- these are the characters that must not be
const badValue = /[\0\r\n]/;

/**
 * Decodes the header blocks of one connection, in order. A block that leaves the dynamic table alone is remembered by its
 * bytes: the next equal one costs a comparison.
 */
export class Decoder {
  private readonly table: DynamicTable;
  private readonly options: DecoderOptions;
  private readonly reader = new IntegerReader();
  private scratch = Buffer.allocUnsafeSlow(256);
  private readonly cacheKeys: Uint8Array[] = [];
  private readonly cacheBlocks: HeaderBlock[] = [];
  private cacheVersion = 0;
  private cacheNext = 0;
  private fields: string[] = [];
  private listSize = 0;
  private sound = true;

  constructor(options: DecoderOptions) {
    this.options = options;
    this.table = new DynamicTable(options.tableSize);
  }

  /** Throws HpackError. */
  decode(bytes: Uint8Array): HeaderBlock {
    const known = this.cached(bytes);
    if (known !== undefined) return known;
    const before = this.table.version;
    this.fields = [];
    this.listSize = 0;
    this.sound = true;
    try {
      this.run(bytes);
    } catch (error) {
      if (error instanceof RangeError || error instanceof HuffmanError)
        throw new HpackError(error.message, { cause: error });
      throw error;
    }
    const { fields, sound } = this;
    const block: HeaderBlock = { fields, tooLarge: this.listSize > this.options.maxListSize, sound, memo: undefined };
    if (this.table.version === before && !block.tooLarge && bytes.length <= 1024) this.remember(bytes, block);
    return block;
  }

  private cached(bytes: Uint8Array): HeaderBlock | undefined {
    if (this.cacheVersion !== this.table.version) {
      if (this.cacheKeys.length > 0) this.forget();
      this.cacheVersion = this.table.version;
      return undefined;
    }
    const { cacheKeys } = this;
    for (let index = 0; index < cacheKeys.length; index++) {
      if (sameBytes(cacheKeys[index] as Uint8Array, bytes)) return this.cacheBlocks[index];
    }
    return undefined;
  }

  private forget(): void {
    this.cacheKeys.length = 0;
    this.cacheBlocks.length = 0;
    this.cacheNext = 0;
  }

  private remember(bytes: Uint8Array, block: HeaderBlock): void {
    this.cacheKeys[this.cacheNext] = Uint8Array.from(bytes);
    this.cacheBlocks[this.cacheNext] = block;
    this.cacheNext = (this.cacheNext + 1) % cachedBlocks;
  }

  private run(bytes: Uint8Array): void {
    const { reader } = this;
    reader.start(bytes);
    let resizable = true;
    while (reader.at < reader.end) {
      const first = bytes[reader.at++] as number;
      if ((first & 0xe0) === 0x20) {
        if (!resizable) throw new HpackError('the table size changes inside a block');
        const size = reader.read(first, 0x1f);
        if (size > this.options.tableSize) throw new HpackError(`the table size ${size} is over the limit`);
        this.table.resize(size);
        continue;
      }
      resizable = false;
      if (first >= 0x80) this.indexed(reader.read(first, 0x7f));
      else if (first >= 0x40) this.literal(reader.read(first, 0x3f), true);
      else this.literal(reader.read(first, 0x0f), false);
    }
  }

  private indexed(index: number): void {
    const name = this.nameAt(index);
    if (index > staticLength && !this.table.isSound(index - staticLength - 1)) this.sound = false;
    this.emit(name, this.valueAt(index));
  }

  /** Characters are looked at once, when an entry is made, and not each time it is used. */
  private literal(nameIndex: number, add: boolean): void {
    const name = nameIndex === 0 ? this.text() : this.nameAt(nameIndex);
    const value = this.text();
    const sound = namePattern.test(name) && !badValue.test(value);
    if (!sound) this.sound = false;
    if (add) this.table.add(name, value, sound);
    this.emit(name, value);
  }

  /** Past the limit fields are counted only, so that the dynamic table stays in step. */
  private emit(name: string, value: string): void {
    this.listSize += name.length + value.length + 32;
    if (this.listSize <= this.options.maxListSize) this.fields.push(name, value);
  }

  private nameAt(index: number): string {
    if (index > 0 && index <= staticLength) return staticNames[index - 1] as string;
    const dynamic = index - staticLength - 1;
    if (dynamic < 0 || dynamic >= this.table.length) throw new HpackError(`no entry has index ${index}`);
    return this.table.name(dynamic);
  }

  private valueAt(index: number): string {
    return index <= staticLength ? (staticValues[index - 1] as string) : this.table.value(index - staticLength - 1);
  }

  private text(): string {
    const { reader } = this;
    if (reader.at >= reader.end) throw new HpackError('the block ends inside a field');
    const first = reader.bytes[reader.at++] as number;
    const length = reader.read(first, 0x7f);
    const start = reader.at;
    const end = start + length;
    if (end > reader.end) throw new HpackError('a text is longer than its block');
    reader.at = end;
    const room = first >= 0x80 ? Math.ceil((length * 8) / 5) : length;
    if (this.scratch.length < room) this.scratch = Buffer.allocUnsafeSlow(room);
    if (first >= 0x80) return this.scratch.toString('latin1', 0, decodeHuffman(reader.bytes, start, end, this.scratch));
    for (let at = 0; at < length; at++) this.scratch[at] = reader.bytes[start + at] as number;
    return this.scratch.toString('latin1', 0, length);
  }
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let at = left.length - 1; at >= 0; at--) if (left[at] !== right[at]) return false;
  return true;
}
