import { ByteWriter } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import type { Column } from './column.ts';
import type { Sheet } from './leaf.ts';
import type { ColumnChunk, RowGroup, SchemaElement } from './thrift.ts';

export interface RowGroupLimits {
  /** Bytes of values, before compression. */
  readonly bytes: number;
  readonly rows: number;
}

const magic = Buffer.from('PAR1');

/** Writes a file row group by row group. Of a row group only compressed pages are held, and a page of each column. */
export class ParquetFile {
  private readonly sheet: Sheet;
  private readonly columns: readonly Column[];
  private readonly limits: RowGroupLimits;
  private readonly sink: (chunk: Uint8Array) => void;
  private readonly rowGroups: RowGroup[] = [];
  private offset = 0;
  private rows = 0;
  private allRows = 0;

  constructor(sheet: Sheet, columns: readonly Column[], limits: RowGroupLimits, write: (chunk: Uint8Array) => void) {
    this.sheet = sheet;
    this.columns = columns;
    this.limits = limits;
    this.sink = write;
  }

  /** How many rows the row group takes before it ends; at least one. */
  get room(): number {
    return this.sheet.size >= this.limits.bytes ? 1 : this.limits.rows - this.rows;
  }

  /** Has to follow the values of rows, no more than there was room for, one each in each column. */
  endRows(count: number): void {
    this.rows += count;
    if (this.sheet.size >= this.limits.bytes || this.rows >= this.limits.rows) this.endRowGroup();
  }

  /** Writes what is left, and the footer. */
  end(): void {
    this.endRowGroup();
    this.begin();
    const writer = new ByteWriter();
    writeMetadata(writer, {
      version: 2,
      created_by: 'sluice',
      schema: this.schema(),
      num_rows: BigInt(this.allRows),
      row_groups: this.rowGroups,
      // A reader's field; it is not written.
      metadata_length: 0,
    });
    writer.appendBytes(magic);
    this.write(writer.getBytes());
  }

  private begin(): void {
    if (this.offset === 0) this.write(magic);
  }

  private endRowGroup(): void {
    const { rows } = this;
    if (rows === 0) return;
    this.begin();
    const start = this.offset;
    const columns = this.columns.flatMap(({ leaves }) => leaves).map((leaf) => this.writeChunk(leaf.finish()));
    this.rowGroups.push({
      columns,
      total_byte_size: columns.reduce((sum, { meta_data }) => sum + (meta_data?.total_uncompressed_size ?? 0n), 0n),
      total_compressed_size: BigInt(this.offset - start),
      file_offset: BigInt(start),
      num_rows: BigInt(rows),
    });
    this.allRows += rows;
    this.rows = 0;
    this.sheet.size = 0;
  }

  private writeChunk({ parts, meta }: ReturnType<Column['leaves'][number]['finish']>): ColumnChunk {
    const start = BigInt(this.offset);
    for (const part of parts) this.write(part);
    return {
      file_offset: start,
      meta_data: {
        ...meta,
        data_page_offset: start + meta.data_page_offset,
        ...(meta.dictionary_page_offset !== undefined && {
          dictionary_page_offset: start + meta.dictionary_page_offset,
        }),
      },
    };
  }

  private schema(): SchemaElement[] {
    const root = { name: 'schema', num_children: this.columns.length };
    return [root, ...this.columns.flatMap(({ elements }) => elements)];
  }

  private write(chunk: Uint8Array): void {
    this.offset += chunk.length;
    this.sink(chunk);
  }
}
