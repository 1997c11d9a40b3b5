import { readFileSync } from 'node:fs';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Message = { [key: string]: Json };

/**
 * The records of a file of OTLP/JSON lines, one text each, sorted: resource, scope and record together, so that two
 * programs can be compared that batch, order and leave out empty fields in their own ways.
 */
export function recordsOfFile(path: string): string[] {
  const requests = readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Message);
  return requests
    .flatMap(recordsOfRequest)
    .map((record) => JSON.stringify(canonical(record)))
    .sort();
}

function recordsOfRequest(request: Message): Message[] {
  return Object.entries(request).flatMap(([, resources]) =>
    messages(resources).flatMap(({ scopeLogs, scopeSpans, scopeMetrics, ...resource }) =>
      messages(scopeLogs ?? scopeSpans ?? scopeMetrics ?? []).flatMap(({ logRecords, spans, metrics, ...scope }) =>
        messages(logRecords ?? spans ?? metrics ?? []).flatMap((record) =>
          pointsOf(record).map((point) => ({ resource, scope, record: point })),
        ),
      ),
    ),
  );
}

/** A metric once per data point; anything else as it is. */
function pointsOf(record: Message): Message[] {
  for (const kind of ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary']) {
    const data = record[kind] as Message | undefined;
    if (data !== undefined)
      return messages(data['dataPoints'] ?? []).map((point) => ({
        ...record,
        [kind]: { ...data, dataPoints: [point] },
      }));
  }
  return [record];
}

function messages(value: Json): Message[] {
  return value as Message[];
}

/** Keys sorted, attributes sorted by key, and nothing that says no more than its absence would. */
function canonical(value: Json): Json | undefined {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item) ?? {});
    return items.every(isKeyValue) ? items.sort((a, b) => (a.key < b.key ? -1 : 1)) : items;
  }
  if (typeof value !== 'object' || value === null)
    return value === '' || value === 0 || value === '0' || value === false || value === null ? undefined : value;
  if ('boolValue' in value || 'intValue' in value || 'doubleValue' in value || 'stringValue' in value)
    return Object.fromEntries(Object.entries(value).map(([key, scalar]) => [key, JSON.stringify(scalar)]));
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const kept = canonical(inner);
    return kept === undefined || isEmpty(kept) ? [] : [[key, kept] as const];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isKeyValue(value: Json): value is { key: string; value: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && typeof value['key'] === 'string';
}

function isEmpty(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
