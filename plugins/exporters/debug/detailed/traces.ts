import { enumValues, type Span, type SpanEvent, type SpanLink } from 'sluice/plugin';
import { timestamp } from '../numbers.ts';
import { attributeLines } from './attributes.ts';
import { enumName } from './enum-name.ts';

/** A span in the Collector's many-line form. */
export function spanLines(span: Span, index: number): string[] {
  return [
    `Span #${index}`,
    fact('Trace ID', span.traceId),
    fact('Parent ID', span.parentSpanId),
    fact('ID', span.spanId),
    fact('Name', span.name),
    fact('Kind', enumName(enumValues.SpanKind, span.kind)),
    ...(span.traceState === '' ? [] : [fact('TraceState', span.traceState)]),
    fact('Start time', timestamp(span.startTimeUnixNano)),
    fact('End time', timestamp(span.endTimeUnixNano)),
    fact('Status code', enumName(enumValues.StatusCode, span.status?.code ?? 0)),
    fact('Status message', span.status?.message ?? ''),
    `    DroppedAttributesCount: ${span.droppedAttributesCount}`,
    `    DroppedEventsCount: ${span.droppedEventsCount}`,
    `    DroppedLinksCount: ${span.droppedLinksCount}`,
    ...attributeLines('Attributes', span.attributes),
    ...(span.events.length === 0 ? [] : ['Events:', ...span.events.flatMap(eventLines)]),
    ...(span.links.length === 0 ? [] : ['Links:', ...span.links.flatMap(linkLines)]),
  ];
}

function fact(name: string, value: string): string {
  return `    ${name.padEnd(15)}: ${value}`;
}

function eventLines(event: SpanEvent, index: number): string[] {
  return [
    `SpanEvent #${index}`,
    `     -> Name: ${event.name}`,
    `     -> Timestamp: ${timestamp(event.timeUnixNano)}`,
    `     -> DroppedAttributesCount: ${event.droppedAttributesCount}`,
    ...attributeLines('     -> Attributes:', event.attributes, '     '),
  ];
}

function linkLines(link: SpanLink, index: number): string[] {
  return [
    `SpanLink #${index}`,
    `     -> Trace ID: ${link.traceId}`,
    `     -> ID: ${link.spanId}`,
    `     -> TraceState: ${link.traceState}`,
    `     -> DroppedAttributesCount: ${link.droppedAttributesCount}`,
    ...attributeLines('     -> Attributes:', link.attributes, '     '),
  ];
}
