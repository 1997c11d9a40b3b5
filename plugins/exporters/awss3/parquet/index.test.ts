import type { Batch } from 'sluice/plugin';
import { logsBatch } from 'sluice/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DuckDB, fileOf } from './test-data/duckdb.ts';

let duckdb: DuckDB;
beforeAll(async () => {
  duckdb = await DuckDB.open();
});
afterAll(() => duckdb.close());

describe('a Parquet file', () => {
  const numbered = (from: number, count: number, extra: object = {}): Batch =>
    logsBatch(
      Array.from({ length: count }, (_, i) => ({ body: `line ${from + i}`, severityText: `s${i % 3}`, ...extra })),
    );

  it('is written row group by row group, in order', async () => {
    const batches = Array.from({ length: 25 }, (_, i) => numbered(i * 40, 40));
    const path = duckdb.write('logs', batches, { row_group_rows: 96 });
    const rows = await duckdb.query(`SELECT body FROM '${path}'`);
    expect(rows.map(({ body }) => body)).toEqual(Array.from({ length: 1000 }, (_, i) => `line ${i}`));
    const groups = await duckdb.query(
      `SELECT row_group_id, any_value(row_group_num_rows) AS n FROM parquet_metadata('${path}') GROUP BY 1 ORDER BY 1`,
    );
    expect(groups.map(({ n }) => Number(n))).toEqual([...Array.from({ length: 10 }, () => 96), 40]);
  });

  it('ends a row group by its bytes, and hands it over before the next one', () => {
    const before = fileOf('logs', [numbered(0, 10)]).length;
    const large = fileOf(
      'logs',
      Array.from({ length: 8 }, (_, i) => numbered(i, 10, { body: 'x'.repeat(2000) })),
      { row_group_bytes: 20_000 },
    );
    expect(large.length).toBeGreaterThan(4 * before);
  });

  it('has the bounds of times in its footer, so that a reader skips row groups', async () => {
    const at = (timeUnixNano: bigint): Batch =>
      logsBatch([
        { timeUnixNano, severityText: 'ä' },
        { timeUnixNano: timeUnixNano + 5_000n, severityText: 'b' },
      ]);
    const path = duckdb.write('logs', [at(1_000_000n), at(9_000_000n)], { row_group_rows: 2 });
    const stats = await duckdb.query(
      `SELECT path_in_schema, stats_min_value AS least, stats_max_value AS most, stats_null_count AS nulls FROM parquet_metadata('${path}') WHERE path_in_schema IN ('timestamp', 'severity_text', 'event_name') ORDER BY row_group_id`,
    );
    const of = (name: string): unknown[] =>
      stats.filter((row) => row['path_in_schema'] === name).map(({ least, most, nulls }) => [least, most, nulls]);
    expect(of('severity_text')).toEqual([
      ['b', 'ä', 0n],
      ['b', 'ä', 0n],
    ]);
    expect(of('event_name')).toEqual([
      [null, null, 2n],
      [null, null, 2n],
    ]);
    expect(of('timestamp').map((row) => String(row).slice(0, 26))).toEqual([
      '1970-01-01 00:00:00.001+00',
      '1970-01-01 00:00:00.009+00',
    ]);
    expect(await duckdb.query(`SELECT count(*) AS n FROM '${path}' WHERE epoch_us(timestamp) > 5000`)).toEqual([
      { n: 2n },
    ]);
  });

  it.each(['zstd', 'snappy', 'none'])('is read back with codec %s', async (codec) => {
    const path = duckdb.write('logs', [numbered(0, 3000)], { codec });
    expect(await duckdb.query(`SELECT count(DISTINCT body) AS n, min(severity_text) AS least FROM '${path}'`)).toEqual([
      { n: 3000n, least: 's0' },
    ]);
    const [used] = await duckdb.query(`SELECT DISTINCT compression FROM parquet_metadata('${path}')`);
    expect(used).toEqual({ compression: { zstd: 'ZSTD', snappy: 'SNAPPY', none: 'UNCOMPRESSED' }[codec] });
  });

  it('has pages of a bounded size, and text of any length', async () => {
    const bodies = Array.from({ length: 12 }, (_, i) => String.fromCodePoint(0x1f600 + i).repeat(100_000) + i);
    const path = duckdb.write('logs', [logsBatch(bodies.map((body) => ({ body })))]);
    expect((await duckdb.query(`SELECT body FROM '${path}'`)).map(({ body }) => body)).toEqual(bodies);
  });

  it('does without a dictionary where there are too many values', async () => {
    const names = Array.from({ length: 20_000 }, (_, i) => `event ${i % 17_000}`);
    const path = duckdb.write('logs', [logsBatch(names.map((eventName) => ({ eventName })))], {
      row_group_rows: 19_000,
    });
    expect((await duckdb.query(`SELECT event_name FROM '${path}'`)).map((row) => row['event_name'])).toEqual(names);
  });

  it('has a schema though it has no rows', async () => {
    const path = duckdb.write('metrics', []);
    expect(await duckdb.query(`SELECT count(*) AS n FROM '${path}'`)).toEqual([{ n: 0n }]);
    expect((await duckdb.schema(path))['metric_name']).toBe('VARCHAR');
  });
});
