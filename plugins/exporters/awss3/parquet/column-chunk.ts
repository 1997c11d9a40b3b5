import { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import type { Codec } from './codec.ts';
import type { ColumnMetaData, Encoding, PageHeader, Statistics } from './thrift.ts';

export interface DataPage {
  readonly encoding: 'PLAIN' | 'RLE_DICTIONARY';
  readonly values: Uint8Array;
  readonly repetition: Uint8Array;
  readonly definition: Uint8Array;
  readonly slots: number;
  readonly nulls: number;
  readonly rows: number;
}

/** A finished column chunk: its bytes, and what the footer says of it. `meta.data_page_offset` counts from its start. */
export interface FinishedChunk {
  readonly parts: readonly Uint8Array[];
  readonly size: number;
  readonly meta: ColumnMetaData;
}

/** Smaller values are not worth a frame around them. */
const leastCompressed = 64;

/** The pages of one column in one row group. Each is compressed when it is complete, so that little is held. */
export class ColumnChunkBuilder {
  private readonly codec: Codec;
  private parts: Uint8Array[] = [];
  private size = 0;
  private uncompressed = 0;
  private slots = 0;
  private nulls = 0;
  private readonly pages = new Map<DataPage['encoding'], number>();

  constructor(codec: Codec) {
    this.codec = codec;
  }

  add(page: DataPage): void {
    const { values, repetition, definition } = page;
    const compressed = values.length >= leastCompressed ? this.codec.compress(values) : undefined;
    const smaller = compressed !== undefined && compressed.length < values.length ? compressed : undefined;
    const stored = smaller ?? new Uint8Array(values);
    const levels = repetition.length + definition.length;
    this.store(
      {
        type: 'DATA_PAGE_V2',
        uncompressed_page_size: levels + values.length,
        compressed_page_size: levels + stored.length,
        data_page_header_v2: {
          num_values: page.slots,
          num_nulls: page.nulls,
          num_rows: page.rows,
          encoding: page.encoding,
          repetition_levels_byte_length: repetition.length,
          definition_levels_byte_length: definition.length,
          is_compressed: smaller !== undefined,
        },
      },
      [repetition, definition, stored],
    );
    this.slots += page.slots;
    this.nulls += page.nulls;
    this.pages.set(page.encoding, (this.pages.get(page.encoding) ?? 0) + 1);
  }

  /** Ends the chunk, with the values of its dictionary where a page has one, and starts anew. */
  finish(
    column: Pick<ColumnMetaData, 'type' | 'path_in_schema'>,
    range: Statistics,
    dictionary?: { readonly values: Uint8Array; readonly count: number },
  ): FinishedChunk {
    const dataParts = this.parts;
    const indexed = dictionary !== undefined && this.pages.has('RLE_DICTIONARY');
    let dictionarySize = 0;
    if (indexed) {
      const dataSize = this.size;
      this.parts = [];
      this.addDictionary(dictionary.values, dictionary.count);
      dictionarySize = this.size - dataSize;
    }
    const parts = indexed ? [...this.parts, ...dataParts] : dataParts;
    const meta: ColumnMetaData = {
      ...column,
      codec: this.codec.name,
      encodings: ['RLE', 'PLAIN', ...(indexed ? (['RLE_DICTIONARY'] satisfies Encoding[]) : [])],
      num_values: BigInt(this.slots),
      total_compressed_size: BigInt(this.size),
      total_uncompressed_size: BigInt(this.uncompressed),
      data_page_offset: BigInt(dictionarySize),
      ...(indexed && { dictionary_page_offset: 0n }),
      statistics: { ...range, null_count: BigInt(this.nulls) },
      encoding_stats: [
        ...(indexed ? [{ page_type: 'DICTIONARY_PAGE' as const, encoding: 'PLAIN' as const, count: 1 }] : []),
        ...[...this.pages].map(([encoding, count]) => ({ page_type: 'DATA_PAGE_V2' as const, encoding, count })),
      ],
    };
    const finished = { parts, size: this.size, meta };
    this.parts = [];
    this.size = this.uncompressed = this.slots = this.nulls = 0;
    this.pages.clear();
    return finished;
  }

  private addDictionary(values: Uint8Array, count: number): void {
    const compressed = this.codec.compress(values);
    this.store(
      {
        type: 'DICTIONARY_PAGE',
        uncompressed_page_size: values.length,
        compressed_page_size: compressed.length,
        dictionary_page_header: { num_values: count, encoding: 'PLAIN' },
      },
      [compressed],
    );
  }

  private store(header: PageHeader, content: readonly Uint8Array[]): void {
    const writer = new ByteWriter(64);
    writePageHeader(writer, header);
    for (const part of [writer.getBytes(), ...content]) {
      if (part.length === 0) continue;
      this.parts.push(part);
      this.size += part.length;
    }
    this.uncompressed += writer.offset + header.uncompressed_page_size;
  }
}
