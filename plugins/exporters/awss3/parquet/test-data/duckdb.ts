import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, DuckDBMapValue, type DuckDBConnection } from '@duckdb/node-api';
import type { Batch, Signal } from 'sluice/plugin';
import { parquet, parquetOptions } from '../index.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Reads what we write with a reader that is not ours. */
export class DuckDB {
  private readonly scratch = mkdtempSync(join(tmpdir(), 'sluice-parquet-'));
  private readonly connection: DuckDBConnection;
  private files = 0;

  private constructor(connection: DuckDBConnection) {
    this.connection = connection;
  }

  static async open(): Promise<DuckDB> {
    return new DuckDB(await (await DuckDBInstance.create(':memory:')).connect());
  }

  /** Writes the batches to a file and returns its path, for queries. */
  write(signal: Signal, batches: readonly Batch[], options: object = {}): string {
    const path = join(this.scratch, `${this.files++}.parquet`);
    writeFileSync(path, Buffer.concat(fileOf(signal, batches, options)));
    return path;
  }

  /** Maps come as arrays of pairs. */
  async query(sql: string): Promise<Row[]> {
    const rows = (await this.connection.runAndReadAll(sql)).getRowObjects();
    return rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          value instanceof DuckDBMapValue ? value.entries.map((entry) => [entry.key, entry.value]) : value,
        ]),
      ),
    );
  }

  /** The rows of a file with these batches. */
  async rows(signal: Signal, batches: readonly Batch[], options: object = {}): Promise<Row[]> {
    return await this.query(`SELECT * FROM '${this.write(signal, batches, options)}'`);
  }

  /** Column names and types. */
  async schema(path: string): Promise<Row> {
    const rows = await this.query(`DESCRIBE SELECT * FROM '${path}'`);
    return Object.fromEntries(rows.map((row) => [row['column_name'], row['column_type']]));
  }

  close(): void {
    this.connection.closeSync();
    rmSync(this.scratch, { recursive: true });
  }
}

/** The chunks of a file with these batches. */
export function fileOf(signal: Signal, batches: readonly Batch[], options: object = {}): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const writer = parquet(parquetOptions.parse(options)).open(signal, (chunk) => chunks.push(chunk));
  for (const batch of batches) writer.add(batch);
  writer.end();
  return chunks;
}

/** The columns that all three signals end with. */
export const placeColumns = {
  service_name: 'VARCHAR',
  resource_attributes: 'VARCHAR',
  resource_schema_url: 'VARCHAR',
  scope_name: 'VARCHAR',
  scope_version: 'VARCHAR',
  scope_attributes: 'VARCHAR',
  scope_schema_url: 'VARCHAR',
};
