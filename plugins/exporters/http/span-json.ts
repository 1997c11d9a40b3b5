import type { SpanEvent, SpanLink } from 'sluice/plugin';
import { isoTime, JsonObject } from '../plain-json.ts';

export function eventsJson(events: readonly SpanEvent[]): string {
  const objects = events.map(({ name, timeUnixNano, attributes }) =>
    new JsonObject()
      .addText('name', name)
      .addText('timestamp', isoTime(timeUnixNano))
      .addObject('attributes', new JsonObject().addAll(attributes)),
  );
  return `[${objects.join()}]`;
}

export function linksJson(links: readonly SpanLink[]): string {
  const objects = links.map(({ traceId, spanId, traceState, attributes }) =>
    new JsonObject()
      .addText('trace_id', traceId)
      .addText('span_id', spanId)
      .addText('trace_state', traceState)
      .addObject('attributes', new JsonObject().addAll(attributes)),
  );
  return `[${objects.join()}]`;
}
