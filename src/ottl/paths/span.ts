import { Sequence } from '../run/value.ts';
import { id, integer, moment, spanOf, text, type Field, type Fields } from './field.ts';

const kinds = ['Unspecified', 'Internal', 'Server', 'Client', 'Producer', 'Consumer'];

const kind: Field = {
  ...integer((view) => spanOf(view).kind, 'kind'),
  fields: new Map([
    ['string', text((view) => kinds[spanOf(view).kind] ?? '')],
    ['deprecated_string', text((view) => deprecatedKind(spanOf(view).kind))],
  ]),
};

function deprecatedKind(number: number): string {
  const name = kinds[number];
  return name === undefined ? '' : `SPAN_KIND_${name.toUpperCase()}`;
}

const status: Field = {
  type: 'sequence',
  // Of a status as a whole nothing can be said; it is neither nil nor equal to anything.
  read: () => new Sequence(0),
  fields: new Map([
    ['code', integer((view) => spanOf(view).status?.code ?? 0, 'status_code')],
    ['message', text((view) => spanOf(view).status?.message ?? '')],
  ]),
};

/** The value of one vendor in a W3C `tracestate`; empty where it is not there. */
function vendorState(state: string, key: string): string {
  const member = state.split(',').map((each) => each.trim());
  return member.find((each) => each.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
}

/** `span`. */
export const spanFields: Fields = new Map<string, Field>([
  ['trace_id', id('trace', (view) => spanOf(view).traceId)],
  ['span_id', id('span', (view) => spanOf(view).spanId)],
  ['parent_span_id', id('span', (view) => spanOf(view).parentSpanId)],
  ['trace_state', { ...text((view) => spanOf(view).traceState), entry: vendorState }],
  ['name', text((view) => spanOf(view).name, 'name')],
  ['kind', kind],
  ...moment('start_time', (view) => spanOf(view).startTimeUnixNano),
  ...moment('end_time', (view) => spanOf(view).endTimeUnixNano),
  ['attributes', { type: 'map', read: (view) => spanOf(view).attributes, plan: { attributesOf: 'record' } }],
  ['dropped_attributes_count', integer((view) => spanOf(view).droppedAttributesCount)],
  ['events', { type: 'sequence', read: (view) => new Sequence(spanOf(view).events.length) }],
  ['dropped_events_count', integer((view) => spanOf(view).droppedEventsCount)],
  ['links', { type: 'sequence', read: (view) => new Sequence(spanOf(view).links.length) }],
  ['dropped_links_count', integer((view) => spanOf(view).droppedLinksCount)],
  ['status', status],
  ['flags', integer((view) => spanOf(view).flags)],
]);
