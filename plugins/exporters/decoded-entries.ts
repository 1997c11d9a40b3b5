import {
  decode,
  metricData,
  Resource,
  Scope,
  type Batch,
  type DataPoint,
  type LogRecord,
  type Metric,
  type Span,
} from 'sluice/plugin';

/** What stands around a record. */
export interface Place {
  readonly resource: Resource;
  readonly resourceSchema: string;
  readonly scope: Scope;
  readonly scopeSchema: string;
}

export type Entry =
  | { readonly kind: 'log'; readonly record: LogRecord; readonly place: Place }
  | { readonly kind: 'span'; readonly record: Span; readonly place: Place }
  | { readonly kind: 'point'; readonly record: DataPoint; readonly metric: Metric; readonly place: Place };

/** The decoded records of a batch, in its order. */
export function* entriesOf(batch: Batch): Generator<Entry> {
  for (const { resource = new Resource(), schemaUrl, scopes } of decode(batch).resources) {
    for (const { scope = new Scope(), schemaUrl: scopeSchema, records } of scopes) {
      const place = { resource, resourceSchema: schemaUrl, scope, scopeSchema };
      for (const record of records) yield* entries(record, batch, place);
    }
  }
}

function* entries(record: LogRecord | Span | Metric, { signal }: Batch, place: Place): Generator<Entry> {
  if (signal === 'logs') yield { kind: 'log', record: record as LogRecord, place };
  else if (signal === 'traces') yield { kind: 'span', record: record as Span, place };
  else {
    const metric = record as Metric;
    for (const point of metricData(metric)?.dataPoints ?? []) yield { kind: 'point', record: point, metric, place };
  }
}
