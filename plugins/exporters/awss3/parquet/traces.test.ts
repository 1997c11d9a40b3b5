import { Attributes, SpanEvent, SpanLink, Status } from 'sluice/plugin';
import { spansBatch } from 'sluice/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DuckDB, placeColumns } from './test-data/duckdb.ts';

let duckdb: DuckDB;
beforeAll(async () => {
  duckdb = await DuckDB.open();
});
afterAll(() => duckdb.close());

describe('spans in Parquet', () => {
  it('have typed columns', async () => {
    expect(await duckdb.schema(duckdb.write('traces', [spansBatch([{}])]))).toEqual({
      timestamp: 'TIMESTAMP WITH TIME ZONE',
      end_timestamp: 'TIMESTAMP WITH TIME ZONE',
      duration_ns: 'BIGINT',
      trace_id: 'VARCHAR',
      span_id: 'VARCHAR',
      parent_span_id: 'VARCHAR',
      trace_state: 'VARCHAR',
      flags: 'UINTEGER',
      name: 'VARCHAR',
      kind: 'VARCHAR',
      status_code: 'VARCHAR',
      status_message: 'VARCHAR',
      attributes: 'VARCHAR',
      events: 'VARCHAR',
      links: 'VARCHAR',
      dropped_attributes_count: 'UINTEGER',
      dropped_events_count: 'UINTEGER',
      dropped_links_count: 'UINTEGER',
      ...placeColumns,
    });
  });

  it('keep every field, events and links as JSON with all digits', async () => {
    const event = SpanEvent.from({
      timeUnixNano: 1_763_700_001_000_503_081n,
      name: 'e"1',
      attributes: Attributes.from({ k: 1n }),
    });
    const link = SpanLink.from({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceState: 's=1', flags: 1 });
    const batch = spansBatch([
      {
        traceId: '1'.repeat(32),
        spanId: '2'.repeat(16),
        parentSpanId: '3'.repeat(16),
        traceState: 'x=y',
        name: 'GET /',
        kind: 2,
        startTimeUnixNano: 1_763_700_001_000_000_001n,
        endTimeUnixNano: 1_763_700_001_000_000_004n,
        status: Status.from({ code: 2, message: 'no' }),
        events: [event, event],
        links: [link],
        attributes: { a: 'b' },
      },
      { startTimeUnixNano: 10n, endTimeUnixNano: 3n, kind: 77 },
      { startTimeUnixNano: 10n },
    ]);
    const rows = await duckdb.rows('traces', [batch]);
    expect(rows[0]).toMatchObject({
      duration_ns: 3n,
      trace_id: '1'.repeat(32),
      span_id: '2'.repeat(16),
      parent_span_id: '3'.repeat(16),
      trace_state: 'x=y',
      name: 'GET /',
      kind: 'SERVER',
      status_code: 'ERROR',
      status_message: 'no',
      attributes: '{"a":"b"}',
      links: `[{"trace_id":"${'a'.repeat(32)}","span_id":"${'b'.repeat(16)}","trace_state":"s=1","attributes":{},"dropped_attributes_count":0,"flags":1}]`,
    });
    const one =
      '{"time_unix_nano":1763700001000503081,"name":"e\\"1","attributes":{"k":1},"dropped_attributes_count":0}';
    expect(rows[0]?.['events']).toBe(`[${one},${one}]`);
    expect(
      rows.map(({ duration_ns, kind, status_code, links }) => [duration_ns, kind, status_code, links]).slice(1),
    ).toEqual([
      [-7n, '77', null, '[]'],
      [null, null, null, '[]'],
    ]);
  });
});
