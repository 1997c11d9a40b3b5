import { jsonName, type Message, type RecordScan } from 'sluice/plugin';
import { arrival, attributesOf, ids, list, number, numbers, string, time, type WriteRecord } from './members.ts';

const timestamp = jsonName('timestamp');
const startTimestamp = jsonName('start_timestamp');
const metricName = jsonName('metric');
const description = jsonName('description');
const unit = jsonName('unit');
const type = jsonName('type');
const temporality = jsonName('temporality');
const monotonic = jsonName('monotonic');
const value = jsonName('value');
const count = jsonName('count');
const sum = jsonName('sum');
const min = jsonName('min');
const max = jsonName('max');
const bucketCounts = jsonName('bucket_counts');
const explicitBounds = jsonName('explicit_bounds');
const scale = jsonName('scale');
const zeroCount = jsonName('zero_count');
const zeroThreshold = jsonName('zero_threshold');
const positiveOffset = jsonName('positive_offset');
const positiveCounts = jsonName('positive_counts');
const negativeOffset = jsonName('negative_offset');
const negativeCounts = jsonName('negative_counts');
const quantiles = jsonName('quantiles');
const quantile = jsonName('quantile');
const exemplars = jsonName('exemplars');

/** By the field of the metric in which the points stand. */
const kinds: Readonly<Record<number, string>> = {
  5: 'gauge',
  7: 'sum',
  9: 'histogram',
  10: 'exponential_histogram',
  11: 'summary',
};
const temporalities = ['', 'delta', 'cumulative'];

/** Writes data points, each with its metric. Each scan has one, for it reads what stands within a point. */
export function pointWriter(scan: RecordScan): WriteRecord {
  const inner = scan.child();
  const write: Readonly<Record<number, (point: Message) => void>> = {
    5: (point) => simple(scan, point),
    7: (point) => simple(scan, point),
    9: (point) => histogram(scan, point),
    10: (point) => exponential(scan, point, inner),
    11: (point) => summary(scan, point, inner),
  };
  const exemplarFields: Readonly<Record<number, number>> = { 5: 5, 7: 5, 9: 8, 10: 11 };
  return (_scan, receivedAt) => {
    const { record, metric, metricKind } = scan;
    if (!time(scan, record, 3, timestamp)) arrival(scan, timestamp, receivedAt);
    time(scan, record, 2, startTimestamp);
    string(scan, metric, 1, metricName);
    string(scan, metric, 2, description);
    string(scan, metric, 3, unit);
    scan.member(type);
    scan.jsonText(kinds[metricKind] ?? '');
    aboutMetric(scan, inner);
    write[metricKind]?.(record);
    attributesOf(scan, record);
    list(scan, record, exemplarFields[metricKind] ?? 0, exemplars, (start, end) => {
      inner.read(start, end, 7);
      time(scan, inner, 2, timestamp);
      number(scan, inner, 3, value, 'double');
      number(scan, inner, 6, value, 'sfixed64');
      ids(scan, inner, 5, 4);
      attributesOf(scan, inner);
    });
  };
}

/** What a sum or histogram says of all its points. */
function aboutMetric(scan: RecordScan, data: Message): void {
  const { metric, metricKind } = scan;
  if (metricKind !== 7 && metricKind !== 9 && metricKind !== 10) return;
  data.read(metric.start(metricKind), metric.end(metricKind), 0);
  const kind = scan.varint(data, 2);
  if (kind > 0) {
    scan.member(temporality);
    scan.jsonText(temporalities[kind] ?? String(kind));
  }
  if (metricKind !== 7) return;
  scan.member(monotonic);
  scan.ascii(scan.varint(data, 3) > 0 ? 'true' : 'false');
}

function simple(scan: RecordScan, point: Message): void {
  // Of both kinds of number, the one that is set; a point without a value has none.
  if (point.has(6)) number(scan, point, 6, value, 'sfixed64');
  else number(scan, point, 4, value, 'double');
}

function counted(scan: RecordScan, point: Message): void {
  scan.member(count);
  scan.jsonNumber(point, 4, 'fixed64');
  number(scan, point, 5, sum, 'double');
}

function histogram(scan: RecordScan, point: Message): void {
  counted(scan, point);
  number(scan, point, 11, min, 'double');
  number(scan, point, 12, max, 'double');
  numbers(scan, point, 6, bucketCounts, 'fixed64');
  numbers(scan, point, 7, explicitBounds, 'double');
}

function exponential(scan: RecordScan, point: Message, buckets: Message): void {
  counted(scan, point);
  number(scan, point, 12, min, 'double');
  number(scan, point, 13, max, 'double');
  scan.member(scale);
  scan.jsonNumber(point, 6, 'sint32');
  scan.member(zeroCount);
  scan.jsonNumber(point, 7, 'fixed64');
  number(scan, point, 14, zeroThreshold, 'double');
  for (const [field, offset, counts] of [
    [8, positiveOffset, positiveCounts],
    [9, negativeOffset, negativeCounts],
  ] as const) {
    if (!point.has(field)) continue;
    buckets.read(point.start(field), point.end(field), 0);
    scan.member(offset);
    scan.jsonNumber(buckets, 1, 'sint32');
    numbers(scan, buckets, 2, counts, 'uint64');
  }
}

function summary(scan: RecordScan, point: Message, entry: Message): void {
  counted(scan, point);
  list(scan, point, 6, quantiles, (start, end) => {
    entry.read(start, end, 0);
    scan.member(quantile);
    scan.jsonNumber(entry, 1, 'double');
    scan.member(value);
    scan.jsonNumber(entry, 2, 'double');
  });
}
