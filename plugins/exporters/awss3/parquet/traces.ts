import type { Span, SpanEvent, SpanLink } from 'sluice/plugin';
import { enumName } from './enum-name.ts';
import type { AttributeStyle, Field, Fields } from './fields.ts';
import { jsonOfAttributes } from './json.ts';

export function spanFields(make: Fields<Span>, style: AttributeStyle): Field<Span>[] {
  return [
    make.time('timestamp', (span) => span.startTimeUnixNano),
    make.time('end_timestamp', (span) => span.endTimeUnixNano),
    make.int64('duration_ns', (span) => duration(span.startTimeUnixNano, span.endTimeUnixNano)),
    make.variedText('trace_id', (span) => span.traceId),
    make.variedText('span_id', (span) => span.spanId),
    make.variedText('parent_span_id', (span) => span.parentSpanId),
    make.text('trace_state', (span) => span.traceState),
    make.uint32('flags', (span) => span.flags),
    make.text('name', (span) => span.name),
    make.text('kind', (span) => enumName('SpanKind', span.kind)),
    make.text('status_code', (span) => enumName('StatusCode', span.status?.code ?? 0)),
    make.text('status_message', (span) => span.status?.message),
    make.attributes(style, 'attributes', (span) => span.attributes),
    make.text('events', ({ events }) => `[${events.map(jsonOfEvent).join(',')}]`),
    make.text('links', ({ links }) => `[${links.map(jsonOfLink).join(',')}]`),
    make.uint32('dropped_attributes_count', (span) => span.droppedAttributesCount),
    make.uint32('dropped_events_count', (span) => span.droppedEventsCount),
    make.uint32('dropped_links_count', (span) => span.droppedLinksCount),
  ];
}

/** Undefined where one of the two times is not known. A span whose clock went back has a negative one. */
export function duration(start: bigint, end: bigint): bigint | undefined {
  return start === 0n || end === 0n ? undefined : BigInt.asIntN(64, end - start);
}

function jsonOfEvent({ timeUnixNano, name, attributes, droppedAttributesCount }: SpanEvent): string {
  return `{"time_unix_nano":${timeUnixNano},"name":${JSON.stringify(name)},"attributes":${jsonOfAttributes(attributes)},"dropped_attributes_count":${droppedAttributesCount}}`;
}

function jsonOfLink({ traceId, spanId, traceState, attributes, droppedAttributesCount, flags }: SpanLink): string {
  return `{"trace_id":"${traceId}","span_id":"${spanId}","trace_state":${JSON.stringify(traceState)},"attributes":${jsonOfAttributes(attributes)},"dropped_attributes_count":${droppedAttributesCount},"flags":${flags}}`;
}
