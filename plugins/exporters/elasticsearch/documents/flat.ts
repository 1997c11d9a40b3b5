import { enumValues } from 'sluice/plugin';
import { isoTime, JsonObject, jsonOf } from '../../plain-json.ts';
import type { DataStream } from '../index-name.ts';
import { NoDocument, streamObject, type Document } from './document.ts';
import { duration } from './otel.ts';
import type { Entry } from '../../decoded-entries.ts';

/**
 * Documents of the modes `none` and `raw`: the fields of OTLP under their own names, the attributes as `Attributes.…` in the one
 * mode and as they are in the other.
 */
export function flatDocuments(entry: Entry, stream: DataStream | undefined, time: bigint, raw: boolean): Document[] {
  if (entry.kind === 'point') throw new NoDocument(`mapping mode ${raw ? 'raw' : 'none'} has no documents for metrics`);
  const { record, place } = entry;
  const under = (prefix: string) => (raw ? (key: string) => key : (key: string) => `${prefix}.${key}`);
  const document = new JsonObject()
    .addText('@timestamp', isoTime(time))
    .addText('TraceId', record.traceId)
    .addText('SpanId', record.spanId);
  if (entry.kind === 'log') logFields(document, entry);
  else spanFields(document, entry, under('Events'));
  for (const [part, json] of streamObject(stream)) document.add(under('Attributes')(`data_stream.${part}`), json);
  document
    .addAll(record.attributes, undefined, under('Attributes'))
    .addAll(place.resource.attributes, undefined, (key) => `Resource.${key}`)
    .addText('Scope.name', place.scope.name)
    .addText('Scope.version', place.scope.version)
    .addAll(place.scope.attributes, undefined, (key) => `Scope.${key}`);
  return [{ json: withoutConflicts(document).toString() }];
}

/** Where `a.b` makes an object of `a`, a value that `a` has besides is `a.value`: an index takes no field that is both. */
function withoutConflicts(document: JsonObject): JsonObject {
  const objects = new Set<string>();
  for (const [name] of document)
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) objects.add(name.slice(0, dot));
  const free = new JsonObject();
  for (const [name, json] of document)
    free.add(objects.has(name) && !json.startsWith('{') ? `${name}.value` : name, json);
  return free;
}

function logFields(document: JsonObject, { record }: Extract<Entry, { kind: 'log' }>): void {
  document
    .add('TraceFlags', String(record.flags))
    .addText('SeverityText', record.severityText)
    .add('SeverityNumber', String(record.severityNumber));
  if (record.body !== undefined && record.body !== null) document.add('Body', jsonOf(record.body));
}

function spanFields(
  document: JsonObject,
  { record }: Extract<Entry, { kind: 'span' }>,
  under: (key: string) => string,
): void {
  const links = record.links.map(({ attributes, spanId, traceId }) =>
    new JsonObject()
      .add('attribute', new JsonObject().addAll(attributes).toString())
      .addText('spanID', spanId)
      .addText('traceID', traceId)
      .toString(),
  );
  document
    .addText('EndTimestamp', isoTime(record.endTimeUnixNano))
    .addText('ParentSpanId', record.parentSpanId)
    .addText('Name', record.name)
    .addText('Kind', enumValues.SpanKind[record.kind] ?? String(record.kind))
    .add('TraceStatus', String(record.status?.code ?? 0))
    .addText('TraceStatusDescription', record.status?.message ?? '')
    .add('Link', JSON.stringify(`[${links.join()}]`))
    .add('Duration', String(duration(record) / 1000n));
  for (const event of record.events) {
    document
      .addText(under(`${event.name}.time`), isoTime(event.timeUnixNano))
      .addAll(event.attributes, undefined, (key) => under(`${event.name}.${key}`));
  }
}
