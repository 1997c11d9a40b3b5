import type { Signal } from '../batch.ts';
import { messages, signalMessages, type FieldKind, type MessageName } from '../schema.ts';
import { watch } from './frame.ts';
import { fieldsOfSignal, level, type Level } from './levels.ts';
import type { CallField } from './editable.ts';
import type { FieldName } from './step.ts';

/** A message on the way from the request to the records, as the kernel walks it. Tags are below 128. */
export interface Shape {
  readonly level: Level | undefined;
  /** The field with the resource or scope itself, 0 where there is none. */
  readonly selfTag: number;
  /** The attributes of the resource, scope or record at `level`, 0 where there are none. */
  readonly attributes: number;
  /** Fields with messages further in, by tag. A record leads no further. */
  readonly children: ReadonlyMap<number, Shape>;
}

/** The fields of a message by name, as tags; every one that matters here is below 128. */
function tagOf(message: MessageName, field: string): number {
  const found = messages[message].find(({ name }) => name === field);
  if (found === undefined) throw new RangeError(`${message} has no field ${field}`);
  return (found.number << 3) | (found.kind === 'enum' ? 0 : 2);
}

function recordShape(message: MessageName): Shape {
  return { level: level.record, selfTag: 0, attributes: tagOf(message, 'attributes'), children: new Map() };
}

/** All messages that stand in fields of another one: `Gauge` to `Summary` in Metric. */
function metricShape(): Shape {
  const data = messages.Metric.filter(({ type, repeated }) => type !== undefined && !repeated);
  const children = data.map(({ name, type }): [number, Shape] => {
    const container = type as MessageName;
    const points = messages[container].find((field) => field.name === 'dataPoints')?.type as MessageName;
    const children = new Map([[tagOf(container, 'dataPoints'), recordShape(points)]]);
    return [tagOf('Metric', name), { level: undefined, selfTag: 0, attributes: 0, children }];
  });
  return { level: level.metric, selfTag: 0, attributes: 0, children: new Map(children) };
}

function repeatedField(message: MessageName): number {
  const field = messages[message].find(({ repeated }) => repeated);
  return tagOf(message, field?.name as string);
}

/** The shape of a request, down to its records. */
export function shapeOf(signal: Signal): Shape {
  const { request, resource, scope, record } = signalMessages[signal];
  const leaf = signal === 'metrics' ? metricShape() : recordShape(record);
  const scopes: Shape = {
    level: level.scope,
    selfTag: tagOf(scope, 'scope'),
    attributes: tagOf('InstrumentationScope', 'attributes'),
    children: new Map([[repeatedField(scope), leaf]]),
  };
  const resources: Shape = {
    level: level.resource,
    selfTag: tagOf(resource, 'resource'),
    attributes: tagOf('Resource', 'attributes'),
    children: new Map([[repeatedField(resource), scopes]]),
  };
  return { level: undefined, selfTag: 0, attributes: 0, children: new Map([[repeatedField(request), resources]]) };
}

const actions: Partial<Record<FieldKind, number>> = {
  string: watch.text,
  hex: watch.text,
  enum: watch.number,
};

/** How to read a field that conditions or code look at: its tag and what to do with it. Undefined where the signal has no such field. */
export function watchOf(
  signal: Signal,
  field: FieldName | CallField,
): readonly [tag: number, action: number] | undefined {
  const name = fieldsOfSignal[signal][field];
  if (name === undefined) return undefined;
  const message = field.startsWith('scope_') ? 'InstrumentationScope' : signalMessages[signal].record;
  const found = messages[message].find((candidate) => candidate.name === name);
  const action =
    found?.type === 'Status'
      ? watch.status
      : found?.type === 'AnyValue'
        ? watch.value
        : actions[found?.kind as FieldKind];
  return [tagOf(message, name), action as number];
}

/** The tag of a span's events, and that of their attributes. */
export const eventsTag = tagOf('Span', 'events');
export const eventAttributes = tagOf('Event', 'attributes');
