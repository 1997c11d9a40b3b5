import { messages, signalMessages, type Field, type MessageName } from '../../schema.ts';

/** A field as a property of a record class. */
export interface Member {
  readonly field: Field;
  readonly property: string;
  /** The class of a nested message; absent for scalars, attributes and values. */
  readonly target?: Shape;
  /** How the property is held and coded, where it is no plain scalar or message. */
  readonly special?: 'attributes' | 'value';
  /** The properties that this one displaces: the other members of its oneof. */
  readonly rivals: readonly string[];
}

/** A message as a class. */
export interface Shape {
  readonly message: MessageName;
  readonly className: string;
  /** The discriminating `type` of a data point. */
  readonly tag?: string;
  readonly members: readonly Member[];
}

/** The class of request, resource and scope messages is one for all signals, and written by hand. */
export const envelopes: Readonly<Partial<Record<MessageName, string>>> = Object.fromEntries(
  Object.values(signalMessages).flatMap(({ request, resource, scope }) => [
    [request, 'Decoded'],
    [resource, 'ResourceGroup'],
    [scope, 'ScopeGroup'],
  ]),
);

const envelopeProperties: Readonly<Record<string, string>> = Object.fromEntries(
  Object.values(signalMessages).flatMap(({ request, resource, scope }) => [
    [propertyOf(request, resource), 'resources'],
    [propertyOf(resource, scope), 'scopes'],
    [propertyOf(scope, signalMessages[signalOf(scope)].record), 'records'],
  ]),
);

const classNames: Readonly<Partial<Record<MessageName, string>>> = {
  InstrumentationScope: 'Scope',
  Event: 'SpanEvent',
  Link: 'SpanLink',
  ...envelopes,
};

/** Written by hand: values recurse, and keep what they cannot hold. */
const handWritten: ReadonlySet<string> = new Set(['AnyValue', 'ArrayValue', 'KeyValueList', 'KeyValue']);

/** Every message with a generated decoder and encoder; a nested message comes before the one that holds it. */
export const shapes: readonly Shape[] = collect();

function collect(): readonly Shape[] {
  const found = new Map<MessageName, Shape>();
  const visit = (message: MessageName): Shape => {
    const known = found.get(message);
    if (known !== undefined) return known;
    const members = messages[message].map((field) => memberOf(message, field, visit));
    const [, tag] = /^(\w+)DataPoint$/.exec(message) ?? [];
    const className = classNames[message] ?? message;
    const shape = { message, className, ...(tag !== undefined && { tag: snakeCase(tag) }), members };
    found.set(message, shape);
    return shape;
  };
  for (const { request } of Object.values(signalMessages)) visit(request);
  return [...found.values()];
}

function memberOf(message: MessageName, field: Field, visit: (message: MessageName) => Shape): Member {
  const oneof = messages[message].filter((other) => other.oneof).map(({ name }) => name);
  const rivals = field.oneof ? oneof.filter((name) => name !== field.name) : [];
  const property = (envelopes[message] && envelopeProperties[field.name]) ?? field.name;
  const base = { field, property, rivals };
  if (field.type === undefined) return base;
  if (!handWritten.has(field.type)) return { ...base, target: visit(field.type) };
  return { ...base, special: field.type === 'KeyValue' ? 'attributes' : 'value' };
}

/** The repeated field of a message that holds messages of a type. */
function propertyOf(message: MessageName, type: MessageName): string {
  const field = messages[message].find((candidate) => candidate.type === type);
  if (field === undefined) throw new Error(`${message} has no field of type ${type}`);
  return field.name;
}

function signalOf(scope: MessageName): keyof typeof signalMessages {
  const entry = Object.entries(signalMessages).find(([, names]) => names.scope === scope);
  return entry?.[0] as keyof typeof signalMessages;
}

function snakeCase(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, '_$&').toLowerCase();
}
