import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { decode, mapRecords, signals, type Batch, type Place, type RecordOf, type Signal } from 'sluice/plugin';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { batchOf } from '../../../../test/oracle/arbitrary.ts';
import { jsonOfAttributes, textOfValue } from './json.ts';
import { DuckDB, type Row } from './test-data/duckdb.ts';

let duckdb: DuckDB;
beforeAll(async () => {
  duckdb = await DuckDB.open();
});
afterAll(() => duckdb.close());

/** The client of DuckDB decodes text so, too: it leaves out a byte order mark in front. */
const decoder = new TextDecoder();

/** Some columns of a row, as the codec sees the record. */
function expected(record: RecordOf<Signal>, { resource, scope, metric }: Place): Row {
  const attributes = utf8(jsonOfAttributes(record.attributes));
  const common = {
    attributes,
    service_name: utf8(textOfValue(resource.attributes.get('service.name'))),
    resource_attributes: utf8(jsonOfAttributes(resource.attributes)),
    scope_name: utf8(scope.name),
    scope_attributes: utf8(jsonOfAttributes(scope.attributes)),
  };
  if (metric !== undefined) return { ...common, metric_name: utf8((metric as { name: string }).name) };
  if ('startTimeUnixNano' in record && 'name' in record)
    return {
      ...common,
      name: utf8(record.name),
      trace_id: utf8(record.traceId),
      parent_span_id: utf8(record.parentSpanId),
    };
  if ('body' in record)
    return {
      ...common,
      body: textOfValue(record.body) === '' ? '' : utf8(textOfValue(record.body)),
      severity_text: utf8(record.severityText),
      flags: record.flags,
      trace_id: utf8(record.traceId),
    };
  throw new TypeError('a record of no signal');
}

/** As JSON they are compared; as maps they have tests of their own. */
function withoutAttributes(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !name.endsWith('attributes')));
}

/** The two orders of fields that are common: that of SDKs, and that of Collectors. */
it.each(signals)('%s of any order of fields make the same rows', async (signal) => {
  const [ascending, descending] = await Promise.all(
    ['ascending', 'collector'].map((order) => {
      const bytes = readFileSync(new URL(`../../../../test/fixtures/${signal}.${order}.pb`, import.meta.url));
      return duckdb.rows(signal, [{ signal, bytes, count: 0, meta: { receivedAt: 0 } }]);
    }),
  );
  expect(ascending?.length).toBeGreaterThan(50);
  expect(descending).toEqual(ascending);
});

function utf8(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : decoder.decode(Buffer.from(text));
}

function rowsOf(batch: Batch): Row[] {
  const rows: Row[] = [];
  mapRecords(decode(batch), (record, place) => {
    rows.push(expected(record, place));
    return record;
  });
  return rows;
}

const runs = [...signals.map((signal) => [signal, 'json'] as const), ['logs', 'map'] as const];

it.each(runs)(
  'whatever is in %s comes back, attributes as %s',
  async (signal, attributes) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(batchOf(signal), { maxLength: 3 }),
        fc.integer({ min: 1, max: 8 }),
        async (batches, row_group_rows) => {
          const rows = await duckdb.rows(signal, batches, { row_group_rows, attributes });
          const wanted = batches.flatMap(rowsOf);
          expect(rows).toMatchObject(attributes === 'json' ? wanted : wanted.map(withoutAttributes));
        },
      ),
      { numRuns: 30 },
    );
  },
  60_000,
);

it.each(['logs', 'traces'] as const)(
  '%s have the same in all other columns, whether attributes are JSON, straight from the encoding, or maps, decoded',
  async (signal) => {
    await fc.assert(
      fc.asyncProperty(fc.array(batchOf(signal), { maxLength: 3 }), async (batches) => {
        const [scanned, decoded] = await Promise.all(
          ['json', 'map'].map((attributes) => duckdb.rows(signal, batches, { attributes })),
        );
        expect(scanned?.map(withoutAttributes)).toEqual(decoded?.map(withoutAttributes));
      }),
      { numRuns: Number(process.env['SLUICE_PARQUET_RUNS'] ?? 30) },
    );
  },
  600_000,
);
