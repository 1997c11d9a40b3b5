import { Attributes, RawValue, type AnyValue, type LogRecord, type Span, type SpanEvent } from 'sluice/plugin';
import type { Limits } from './config.ts';
import { cutBytes, cutCharacters } from './cut-text.ts';

/** Told of each cut: the option of `limits` that asked for it, and how many things it was. */
export type Told = (limit: keyof Limits, count: number) => void;

/** Cuts a span to the limits. What it leaves out is added to the span's own dropped counts. */
export function shortenSpan(span: Span, limits: Limits, told: Told): void {
  span.name = name(span.name, 'span_name_length', limits, told);
  shortenAttributes(span, 'attributes_per_span', limits, told);
  if (span.events.length > limits.events_per_span) {
    const dropped = span.events.length - limits.events_per_span;
    span.events = mostImportant(span.events, limits.events_per_span);
    span.droppedEventsCount += dropped;
    told('events_per_span', dropped);
  }
  for (const event of span.events) {
    event.name = name(event.name, 'event_name_length', limits, told);
    shortenAttributes(event, 'attributes_per_event', limits, told);
  }
  if (span.links.length > limits.links_per_span) {
    const dropped = span.links.length - limits.links_per_span;
    span.links.length = limits.links_per_span;
    span.droppedLinksCount += dropped;
    told('links_per_span', dropped);
  }
  for (const link of span.links) shortenAttributes(link, 'attributes_per_link', limits, told);
}

/** Cuts a log record to the limits. What it leaves out is added to its dropped count. */
export function shortenLogRecord(record: LogRecord, limits: Limits, told: Told): void {
  if (typeof record.body === 'string') {
    const body = cutBytes(record.body, limits.log_body_size);
    if (body !== record.body) told('log_body_size', 1);
    record.body = body;
  }
  shortenAttributes(record, 'attributes_per_log_record', limits, told);
}

function name(text: string, limit: 'span_name_length' | 'event_name_length', limits: Limits, told: Told): string {
  const cut = cutCharacters(text, limits[limit]);
  if (cut !== text) told(limit, 1);
  return cut;
}

/** Exceptions come last in most spans, and matter most. */
function mostImportant(events: readonly SpanEvent[], most: number): SpanEvent[] {
  const exceptions = events.filter((event) => event.name === 'exception').slice(0, most);
  const room = most - exceptions.length;
  const others = events.filter((event) => event.name !== 'exception').slice(0, room);
  const kept = new Set([...exceptions, ...others]);
  return events.filter((event) => kept.has(event));
}

type AttributesLimit = `attributes_per_${'span' | 'log_record' | 'event' | 'link'}`;

function shortenAttributes(
  owner: { attributes: Attributes; droppedAttributesCount: number },
  limit: AttributesLimit,
  limits: Limits,
  told: Told,
): void {
  const { attributes } = owner;
  const kept = new Attributes();
  const cut = { keys: 0, values: 0 };
  for (let i = 0; i < attributes.size; i++) {
    if (kept.size === limits[limit]) break;
    const key = cutCharacters(attributes.keyAt(i), limits.attribute_key_length);
    const value = attributes.valueAt(i);
    const short = shortValue(value, limits.attribute_value_length);
    if (key !== attributes.keyAt(i)) {
      cut.keys += 1;
      // Two keys that differ only beyond the limit would be one key twice.
      if (kept.has(key)) continue;
    }
    if (short !== value) cut.values += 1;
    kept.append(key, short, attributes.unknownAt(i));
  }
  const dropped = attributes.size - kept.size;
  if (cut.keys > 0) told('attribute_key_length', cut.keys);
  if (cut.values > 0) told('attribute_value_length', cut.values);
  if (dropped > 0) told(limit, dropped);
  if (dropped === 0 && cut.keys === 0 && cut.values === 0) return;
  owner.attributes = kept;
  owner.droppedAttributesCount += dropped;
}

/** The same value where nothing in it is too long. Only texts are cut. */
function shortValue(value: AnyValue | undefined, most: number): AnyValue | undefined {
  if (typeof value === 'string') return cutCharacters(value, most);
  if (value instanceof RawValue) {
    const short = shortValue(value.value, most);
    return short === value.value ? value : short;
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => shortValue(item, most) as AnyValue);
    return items.every((item, i) => item === value[i]) ? value : items;
  }
  if (value instanceof Attributes) {
    const pairs = [...value].map(([key, item]) => [key, shortValue(item, most)] as const);
    return pairs.every(([, item], i) => item === value.valueAt(i)) ? value : Attributes.from(pairs);
  }
  return value;
}
