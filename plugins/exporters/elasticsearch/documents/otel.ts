import type { DataPoint, Metric, Span, SpanEvent } from 'sluice/plugin';
import { isoTime, JsonObject } from '../../plain-json.ts';
import type { DataStream } from '../index-name.ts';
import { plainAttributes, streamObject, type Document } from './document.ts';
import { fnv1a } from './fnv1a.ts';
import { statusNames, kindNames } from './names.ts';
import { pointValue } from './point-value.ts';
import type { Entry, Place } from '../../decoded-entries.ts';

/** Spans and points as the `otel` mode of the Collector's exporter writes them: under their own names, a span's events apart. */
export function otelDocuments(
  entry: Exclude<Entry, { kind: 'log' }>,
  stream: DataStream | undefined,
  time: bigint,
): Document[] {
  const { place } = entry;
  if (entry.kind === 'point') return [{ json: point(entry.record, entry.metric, place, stream, time) }];
  const events = entry.record.events.map((event) => spanEvent(event, entry.record, place, stream));
  return [{ json: span(entry.record, place, stream, time) }, ...events];
}

function begun(time: bigint): JsonObject {
  return new JsonObject().addText('@timestamp', isoTime(time));
}

function span(record: Span, place: Place, stream: DataStream | undefined, time: bigint): string {
  const links = record.links.map((link) =>
    new JsonObject()
      .addText('trace_id', link.traceId)
      .addText('span_id', link.spanId)
      .addText('trace_state', link.traceState)
      .addObject('attributes', plainAttributes(link.attributes))
      .addNumber('dropped_attributes_count', link.droppedAttributesCount)
      .toString(),
  );
  const status = new JsonObject()
    .addText('message', record.status?.message ?? '')
    .addText('code', statusNames[record.status?.code ?? 0] ?? 'Unset');
  const document = begun(time)
    .addObject('data_stream', streamObject(stream))
    .addText('trace_id', record.traceId)
    .addText('span_id', record.spanId)
    .addText('trace_state', record.traceState)
    .addText('parent_span_id', record.parentSpanId)
    .addText('name', record.name)
    .addText('kind', kindNames[record.kind] ?? 'Unspecified')
    .add('duration', String(duration(record)))
    .addObject('attributes', plainAttributes(record.attributes))
    .addNumber('dropped_attributes_count', record.droppedAttributesCount)
    .addNumber('dropped_events_count', record.droppedEventsCount)
    .add('links', `[${links.join()}]`)
    .addNumber('dropped_links_count', record.droppedLinksCount)
    .addObject('status', status);
  return surrounded(document, place).toString();
}

/** In nanoseconds; 0 for a span that ends before it starts, which no index would take. */
export function duration({ startTimeUnixNano, endTimeUnixNano }: Span): bigint {
  return endTimeUnixNano > startTimeUnixNano ? endTimeUnixNano - startTimeUnixNano : 0n;
}

function spanEvent(event: SpanEvent, { traceId, spanId }: Span, place: Place, given: DataStream | undefined): Document {
  const stream = given && { ...given, type: 'logs' };
  const attributes = plainAttributes(event.attributes).addText('event.name', event.name);
  const document = begun(event.timeUnixNano)
    .addObject('data_stream', streamObject(stream))
    .addText('trace_id', traceId)
    .addText('span_id', spanId)
    .addNumber('dropped_attributes_count', event.droppedAttributesCount)
    .addText('event_name', event.name)
    .addObject('attributes', attributes);
  return { json: surrounded(document, place).toString(), ...(stream !== undefined && { stream }) };
}

function point(record: DataPoint, metric: Metric, place: Place, stream: DataStream | undefined, time: bigint): string {
  const document = begun(time);
  if (record.startTimeUnixNano > 0n) document.addText('start_timestamp', isoTime(record.startTimeUnixNano));
  document
    .addText('unit', metric.unit)
    .addObject('data_stream', streamObject(stream))
    .addObject('attributes', plainAttributes(record.attributes));
  return (
    surrounded(document, place)
      .addObject('metrics', new JsonObject().add(metric.name, pointValue(record)))
      // A time series is known by its attributes and this: two metrics of one moment are two documents.
      .addText('_metric_names_hash', fnv1a(metric.name))
      .toString()
  );
}

function surrounded(document: JsonObject, { resource, resourceSchema, scope, scopeSchema }: Place): JsonObject {
  const ofResource = new JsonObject()
    .addText('schema_url', resourceSchema)
    .addObject('attributes', plainAttributes(resource.attributes))
    .addNumber('dropped_attributes_count', resource.droppedAttributesCount);
  const ofScope = new JsonObject()
    .addText('schema_url', scopeSchema)
    .addText('name', scope.name)
    .addText('version', scope.version)
    .addObject('attributes', plainAttributes(scope.attributes))
    .addNumber('dropped_attributes_count', scope.droppedAttributesCount);
  return document.add('resource', ofResource.toString()).add('scope', ofScope.toString());
}
