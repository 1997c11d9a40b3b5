import { Attributes, type LogRecord, type Resource, type Span } from 'sluice/plugin';
import { isoTime, JsonObject, jsonOf } from '../../plain-json.ts';
import type { DataStream } from '../index-name.ts';
import { isPlain, streamObject, type Document } from './document.ts';
import { agentNames, logNames, osTypes, resourceNames, spanNames } from './ecs-names.ts';
import { kindNames } from './names.ts';
import { nested } from './nested.ts';
import { duration } from './otel.ts';
import type { Entry } from '../../decoded-entries.ts';
import { pointValue } from './point-value.ts';

/**
 * Documents of the mode `ecs`: what the Elastic Common Schema has a field for stands there, all other attributes under their
 * own names. A record's attributes come before its scope's, and those before its resource's.
 */
export function ecsDocuments(entry: Entry, stream: DataStream | undefined, time: bigint): Document[] {
  const document = new JsonObject().addText('@timestamp', isoTime(time));
  for (const [part, json] of streamObject(stream)) document.add(`data_stream.${part}`, json);
  if (entry.kind === 'log') logFields(document, entry.record);
  else if (entry.kind === 'span') spanFields(document, entry.record);
  else document.add(entry.metric.name, pointValue(entry.record)).addAll(entry.record.attributes, isPlain);
  document.addAll(entry.place.scope.attributes, isPlain);
  resourceFields(document, entry.place.resource);
  return [{ json: nested(document) }];
}

function logFields(document: JsonObject, record: LogRecord): void {
  document
    .addText('trace.id', record.traceId)
    .addText('span.id', record.spanId)
    .addNumber('event.severity', record.severityNumber)
    .addText('log.level', record.severityText)
    .addText('event.action', record.eventName);
  const { body } = record;
  if (body instanceof Attributes) document.addAll(body);
  else if (body !== undefined && body !== null) document.add('message', jsonOf(body));
  document.addAll(record.attributes, isPlain, (key) => logNames.get(key) ?? key);
}

const outcomes = ['unknown', 'success', 'failure'];

function spanFields(document: JsonObject, record: Span): void {
  const links = record.links.map(({ traceId, spanId }) => `{"trace":{"id":"${traceId}"},"span":{"id":"${spanId}"}}`);
  document
    .addText('trace.id', record.traceId)
    .addText('span.id', record.spanId)
    .addText('span.name', record.name)
    .addText('span.kind', (kindNames[record.kind] ?? 'Unspecified').toUpperCase())
    .addText('parent.id', record.parentSpanId)
    .addText('event.outcome', outcomes[record.status?.code ?? 0] ?? 'unknown')
    .add('event.duration', String(duration(record)))
    .addText('error.message', record.status?.code === 2 ? record.status.message : '');
  if (links.length > 0) document.add('span.links', `[${links.join()}]`);
  document.addAll(record.attributes, isPlain, (key) => spanNames.get(key) ?? key);
}

function resourceFields(document: JsonObject, { attributes }: Resource): void {
  document.addAll(
    attributes,
    (key) => isPlain(key) && !agentNames.has(key),
    (key) => resourceNames.get(key) ?? key,
  );
  const text = (key: string): string => {
    const value = attributes.get(key);
    return typeof value === 'string' ? value : '';
  };
  document
    .addText('host.name', text('host.name'))
    .addText('host.os.type', osTypes.get(text('os.type')) ?? '')
    .addText('agent.name', agentName(text))
    .addText('agent.version', text('telemetry.distro.version') || text('telemetry.sdk.version'));
}

/** `opentelemetry/go/elastic`: SDK, language and distribution, as far as they are known. */
function agentName(text: (key: string) => string): string {
  const distribution = text('telemetry.distro.name');
  const language = text('telemetry.sdk.language') || (distribution === '' ? '' : 'unknown');
  return [text('telemetry.sdk.name') || 'otlp', language, distribution].filter((part) => part !== '').join('/');
}
