export type JsonSchema = { [key: string]: unknown };

/** Keywords that say what a value is, as against those that say something about it. */
const typing = new Set([
  'type',
  'enum',
  'const',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'anyOf',
  'oneOf',
]);

/** Widens a JSON Schema to what the dialect takes: `${…}` for any scalar, and nothing at all for a map or a list. */
export function loosened(schema: JsonSchema): JsonSchema {
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, loosenKeyword(key, value)]));
  if (inner['type'] === 'object' || inner['type'] === 'array') return { ...inner, type: [inner['type'], 'null'] };
  return isTypedScalar(inner) ? withReference(inner) : inner;
}

function loosenKeyword(key: string, value: unknown): unknown {
  if (key === 'properties' || key === 'patternProperties' || key === 'definitions') {
    return Object.fromEntries(
      Object.entries(value as JsonSchema).map(([name, one]) => [name, loosened(one as JsonSchema)]),
    );
  }
  if ((key === 'items' || key === 'additionalProperties') && isSchema(value)) return loosened(value);
  if ((key === 'anyOf' || key === 'oneOf' || key === 'allOf') && Array.isArray(value))
    return value.map((one: unknown) => (isSchema(one) ? loosened(one) : one));
  return value;
}

function isTypedScalar(schema: JsonSchema): boolean {
  const { type } = schema;
  if (type === 'number' || type === 'integer' || type === 'boolean') return true;
  return type === 'string' && ('enum' in schema || 'const' in schema || 'pattern' in schema);
}

function withReference(schema: JsonSchema): JsonSchema {
  const about = Object.entries(schema).filter(([key]) => !typing.has(key));
  const says = Object.entries(schema).filter(([key]) => typing.has(key));
  return { ...Object.fromEntries(about), anyOf: [Object.fromEntries(says), { $ref: '#/definitions/reference' }] };
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
