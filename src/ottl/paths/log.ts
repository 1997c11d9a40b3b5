import { textOf } from '../../wire/index.ts';
import { valueOf } from '../run/value.ts';
import { id, integer, logOf, moment, text, type Field, type Fields } from './field.ts';

const body: Field = {
  type: 'any',
  read: (view) => valueOf(logOf(view).body),
  plan: { field: 'body' },
  fields: new Map([['string', text((view) => textOf(logOf(view).body))]]),
};

/** `log`. */
export const logFields: Fields = new Map<string, Field>([
  ...moment('time', (view) => logOf(view).timeUnixNano),
  ...moment('observed_time', (view) => logOf(view).observedTimeUnixNano),
  ['severity_number', integer((view) => logOf(view).severityNumber, 'severity_number')],
  ['severity_text', text((view) => logOf(view).severityText, 'severity_text')],
  ['body', body],
  ['attributes', { type: 'map', read: (view) => logOf(view).attributes, plan: { attributesOf: 'record' } }],
  ['dropped_attributes_count', integer((view) => logOf(view).droppedAttributesCount)],
  ['flags', integer((view) => logOf(view).flags)],
  ['trace_id', id('trace', (view) => logOf(view).traceId)],
  ['span_id', id('span', (view) => logOf(view).spanId)],
  ['event_name', text((view) => logOf(view).eventName, 'name')],
]);
