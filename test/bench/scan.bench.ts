// node --conditions=@sluice/source test/bench/scan.bench.ts: going over records without decoding, and one flat JSON object for each.
import type { Batch } from '../../src/wire/batch.ts';
import { jsonName, RecordScan } from '../../src/wire/scan/index.ts';
import { makeRequest } from './load/data/request.ts';
import { measure } from './measure.ts';

const scan = new RecordScan();
const time = jsonName('timestamp');
const body = jsonName('body');
const attributes = jsonName('attributes');
const resource = jsonName('resource');

function walk(batch: Batch): number {
  let count = 0;
  for (scan.begin(batch); scan.next();) count++;
  return count;
}

function lines(batch: Batch): number {
  const isLog = batch.signal === 'logs';
  for (scan.begin(batch); scan.next();) {
    const { record } = scan;
    const mark = scan.open();
    scan.member(time);
    scan.jsonTime(record, isLog ? 1 : 7);
    if (record.has(5)) {
      scan.member(body);
      if (isLog) scan.jsonValue(record.start(5), record.end(5));
      else scan.jsonString(record.start(5), record.end(5));
    }
    nested(attributes, record.attributes);
    nested(resource, scan.resource.attributes);
    scan.close(mark);
    scan.byte(10);
  }
  return scan.take().length;
}

function nested(label: typeof time, table: typeof scan.record.attributes): void {
  scan.member(label);
  const mark = scan.open();
  scan.jsonAttributes(table);
  scan.close(mark);
}

for (const signal of ['logs', 'traces'] as const)
  for (const order of ['ascending', 'descending'] as const) {
    const count = 512;
    const bytes = makeRequest({ signal, count, order, number: 1 });
    const batch: Batch = { signal, bytes, count, meta: { receivedAt: 0 } };
    measure(`${signal} ${order}, scan`, count, () => walk(batch));
    measure(`${signal} ${order}, a line of JSON each`, count, () => lines(batch));
  }
