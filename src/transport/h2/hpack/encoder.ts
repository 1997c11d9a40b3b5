import { DynamicTable } from './dynamic-table.ts';
import { encodeHuffman, huffmanLength } from './huffman.ts';
import { writeInteger } from './integer.ts';
import { staticField, staticLength, staticName } from './static-table.ts';

/**
 * Headers that are sent many times unchanged, names and values in turn, pseudo headers first. An encoder puts them into its
 * dynamic table once and then sends a few bytes, which it keeps.
 */
export class FixedHeaders {
  readonly fields: readonly string[];

  constructor(fields: readonly string[]) {
    this.fields = fields;
  }
}

export type Headers = readonly string[] | FixedHeaders;

/** Largest table that is used, whatever the peer allows. */
const ownTableSize = 4096;
const cachedLists = 64;

/** Encodes the header blocks of one connection; the bytes must go out in the order of the calls. */
export class Encoder {
  private readonly table = new DynamicTable(ownTableSize);
  private readonly cache = new Map<FixedHeaders, { readonly version: number; readonly bytes: Uint8Array }>();
  /** The smallest size since the last block, when it changed. */
  private announce: number | undefined;
  private out = Buffer.allocUnsafeSlow(1024);
  private at = 0;

  /** SETTINGS_HEADER_TABLE_SIZE of the peer. */
  limitTable(size: number): void {
    const next = Math.min(size, ownTableSize);
    if (next === this.table.maxSize) return;
    this.announce = Math.min(this.announce ?? next, next);
    this.table.resize(next);
  }

  /** The bytes of `headers` and then `more`; they are valid until the next call. */
  encode(headers: Headers, more?: readonly string[]): Uint8Array {
    const fixed = headers instanceof FixedHeaders;
    if (fixed && more === undefined && this.announce === undefined) {
      const known = this.cache.get(headers);
      if (known?.version === this.table.version) return known.bytes;
    }
    const before = this.table.version;
    this.at = 0;
    this.resize();
    const settled = this.announce === undefined && this.at === 0;
    if (fixed) this.fixed(headers, settled && more === undefined ? before : -1);
    else this.plain(headers);
    if (more !== undefined) this.plain(more);
    return this.out.subarray(0, this.at);
  }

  private resize(): void {
    if (this.announce === undefined) return;
    const { announce } = this;
    this.announce = undefined;
    this.room(16);
    this.at = writeInteger(this.out, this.at, announce, { mask: 0x1f, pattern: 0x20 });
    if (announce !== this.table.maxSize)
      this.at = writeInteger(this.out, this.at, this.table.maxSize, { mask: 0x1f, pattern: 0x20 });
  }

  private fixed(headers: FixedHeaders, cacheable: number): void {
    const { fields } = headers;
    for (let index = 0; index < fields.length; index += 2)
      this.field(fields[index] as string, fields[index + 1] as string, true);
    if (cacheable !== this.table.version) return;
    if (this.cache.size >= cachedLists) this.cache.clear();
    this.cache.set(headers, { version: cacheable, bytes: Uint8Array.from(this.out.subarray(0, this.at)) });
  }

  private plain(fields: readonly string[]): void {
    for (let index = 0; index < fields.length; index += 2)
      this.field(fields[index] as string, fields[index + 1] as string, false);
  }

  private field(name: string, value: string, keep: boolean): void {
    const known = staticField(name, value);
    const dynamic = known === 0 ? this.table.find(name, value) : -1;
    this.room(32 + name.length * 4 + value.length * 4);
    if (known > 0 || dynamic >= 0) {
      const index = known > 0 ? known : staticLength + 1 + dynamic;
      this.at = writeInteger(this.out, this.at, index, { mask: 0x7f, pattern: 0x80 });
      return;
    }
    const add = keep && name.length + value.length + 32 <= this.table.maxSize / 2;
    const prefix = add ? { mask: 0x3f, pattern: 0x40 } : { mask: 0x0f, pattern: 0 };
    const nameIndex = staticName(name);
    this.at = writeInteger(this.out, this.at, nameIndex, prefix);
    if (nameIndex === 0) this.text(name, keep);
    this.text(value, keep);
    if (add) this.table.add(name, value);
  }

  /** Texts that are sent once are not worth packing. */
  private text(text: string, pack: boolean): void {
    const packed = pack ? huffmanLength(text) : text.length;
    if (packed < text.length) {
      this.at = writeInteger(this.out, this.at, packed, { mask: 0x7f, pattern: 0x80 });
      this.at = encodeHuffman(text, this.out, this.at);
      return;
    }
    this.at = writeInteger(this.out, this.at, text.length, { mask: 0x7f, pattern: 0 });
    this.at += this.out.write(text, this.at, 'latin1');
  }

  private room(bytes: number): void {
    if (this.at + bytes <= this.out.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.out.length * 2, this.at + bytes));
    larger.set(this.out.subarray(0, this.at));
    this.out = larger;
  }
}
