import { Attributes } from 'sluice/plugin';
import { logsBatch } from 'sluice/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DuckDB, placeColumns } from './test-data/duckdb.ts';

let duckdb: DuckDB;
beforeAll(async () => {
  duckdb = await DuckDB.open();
});
afterAll(() => duckdb.close());

const micros = (value: unknown): bigint => (value as { readonly micros: bigint }).micros;

describe('log records in Parquet', () => {
  it('have typed columns', async () => {
    expect(await duckdb.schema(duckdb.write('logs', [logsBatch([{}])]))).toEqual({
      timestamp: 'TIMESTAMP WITH TIME ZONE',
      observed_timestamp: 'TIMESTAMP WITH TIME ZONE',
      severity_number: 'INTEGER',
      severity_text: 'VARCHAR',
      body: 'VARCHAR',
      trace_id: 'VARCHAR',
      span_id: 'VARCHAR',
      flags: 'UINTEGER',
      event_name: 'VARCHAR',
      attributes: 'VARCHAR',
      dropped_attributes_count: 'UINTEGER',
      ...placeColumns,
    });
  });

  it('keep every field', async () => {
    const batch = logsBatch(
      [
        {
          timeUnixNano: 1_772_600_767_890_123_456n,
          observedTimeUnixNano: 1_772_600_767_890_124_000n,
          severityNumber: 17,
          severityText: 'ERROR',
          body: 'naïve ☃ 🙂\n"quoted"',
          traceId: '0123456789abcdef0123456789abcdef',
          spanId: '0123456789abcdef',
          flags: 0xffff_ffff,
          eventName: 'exception',
          droppedAttributesCount: 4_294_967_295,
          attributes: { 'http.route': '/a', n: 9_007_199_254_740_993n, d: 1.5, ok: true, list: ['x', 1n, null] },
        },
      ],
      { resource: { 'service.name': 'shop', 'host.name': 'h1' } },
    );
    const [row] = await duckdb.rows('logs', [batch]);
    expect(row).toEqual({
      timestamp: { micros: 1_772_600_767_890_123n },
      observed_timestamp: { micros: 1_772_600_767_890_124n },
      severity_number: 17,
      severity_text: 'ERROR',
      body: 'naïve ☃ 🙂\n"quoted"',
      trace_id: '0123456789abcdef0123456789abcdef',
      span_id: '0123456789abcdef',
      flags: 0xffff_ffff,
      event_name: 'exception',
      attributes: '{"http.route":"/a","n":9007199254740993,"d":1.5,"ok":true,"list":["x",1,null]}',
      dropped_attributes_count: 4_294_967_295,
      service_name: 'shop',
      resource_attributes: '{"service.name":"shop","host.name":"h1"}',
      resource_schema_url: null,
      scope_name: null,
      scope_version: null,
      scope_attributes: '{}',
      scope_schema_url: null,
    });
  });

  it('have null for what the sender left out, and keep an empty body', async () => {
    const rows = await duckdb.rows('logs', [logsBatch([{}, { body: '' }, { body: null }])]);
    expect(
      rows.map(({ timestamp, severity_number, severity_text, body, trace_id, service_name }) => ({
        timestamp,
        severity_number,
        severity_text,
        body,
        trace_id,
        service_name,
      })),
    ).toEqual(
      [null, '', null].map((body) => ({
        timestamp: null,
        severity_number: null,
        severity_text: null,
        body,
        trace_id: null,
        service_name: null,
      })),
    );
  });

  it('have bodies that are no text as JSON', async () => {
    const bodies = [
      Attributes.from([
        ['__proto__', 1n],
        ['a', 'first'],
        ['a', 'second'],
        ['nothing', undefined],
      ]),
      ['x', 2.5, false],
      -9_223_372_036_854_775_808n,
      Number.NaN,
      true,
      new Uint8Array([1, 2]),
    ];
    const rows = await duckdb.rows('logs', [logsBatch(bodies.map((body) => ({ body })))]);
    expect(rows.map(({ body }) => body)).toEqual([
      '{"__proto__":1,"a":"first","nothing":null}',
      '["x",2.5,false]',
      '-9223372036854775808',
      '"NaN"',
      'true',
      'AQI=',
    ]);
  });

  it('have times beyond the year 2262 at the end of the range', async () => {
    const rows = await duckdb.rows('logs', [logsBatch([{ timeUnixNano: 2n ** 64n - 1n }, { timeUnixNano: 1n }])]);
    // DuckDB reads the last value of the type as infinity.
    expect(rows.map(({ timestamp }) => micros(timestamp))).toEqual([9_223_372_036_854_775_807n, 0n]);
  });

  it('have attributes as maps where that is wanted', async () => {
    const batch = logsBatch(
      [
        {
          attributes: [
            ['a', 'x'],
            ['n', 2n ** 60n],
            ['a', 'again'],
            ['list', ['y']],
            ['none', undefined],
          ],
        },
        {},
        { attributes: { z: '' } },
      ],
      { resource: { 'service.name': 'shop' } },
    );
    const path = duckdb.write('logs', [batch], { attributes: 'map' });
    expect((await duckdb.schema(path))['attributes']).toBe('MAP(VARCHAR, VARCHAR)');
    const rows = await duckdb.query(`SELECT attributes, resource_attributes FROM '${path}'`);
    expect(rows.map(({ attributes }) => attributes)).toEqual([
      [
        ['a', 'x'],
        ['n', '1152921504606846976'],
        ['list', '["y"]'],
        ['none', null],
      ],
      [],
      [['z', '']],
    ]);
    expect(rows[2]?.['resource_attributes']).toEqual([['service.name', 'shop']]);
  });
});
