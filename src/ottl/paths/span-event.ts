import type { SpanEvent } from '../../wire/index.ts';
import { integer, moment, text, type Field, type Fields, type View } from './field.ts';

function eventOf(view: View): SpanEvent {
  return view.event as SpanEvent;
}

/** `spanevent`. */
export const spanEventFields: Fields = new Map<string, Field>([
  ...moment('time', (view) => eventOf(view).timeUnixNano),
  ['name', text((view) => eventOf(view).name)],
  ['attributes', { type: 'map', read: (view) => eventOf(view).attributes }],
  ['dropped_attributes_count', integer((view) => eventOf(view).droppedAttributesCount)],
  ['event_index', integer((view) => view.eventIndex as number)],
]);
