import { z } from 'zod';

type Any = z.core.$ZodType;

/** The definition of a schema, with its kind as a discriminant. */
export function shapeOf(schema: Any): z.core.$ZodTypes['_zod']['def'] {
  return (schema as z.core.$ZodTypes)._zod.def;
}

/** What a wrapper wraps, on the side of the input; undefined for what is no wrapper. */
function unwrapped(schema: Any): Any | undefined {
  const def = shapeOf(schema);
  if (def.type === 'pipe') return shapeOf(def.in).type === 'transform' ? def.out : def.in;
  // The getter makes a new schema at every call; zod keeps the first, so that walks over recursive schemas end.
  if (def.type === 'lazy') return (schema as z.core.$ZodLazy)._zod.innerType;
  return 'innerType' in def && def.type !== 'promise' ? def.innerType : undefined;
}

/** A schema and what it wraps, from the outside in, down to what is no wrapper. */
export function layers(schema: Any): readonly Any[] {
  const found: Any[] = [];
  for (let at: Any | undefined = schema; at !== undefined; at = unwrapped(at)) found.push(at);
  return found;
}

/** The schemas that a value may have to meet, without wrappers and with the branches of unions side by side. */
export function branches(schema: Any): readonly Any[] {
  const core = layers(schema).at(-1) ?? schema;
  const def = shapeOf(core);
  if (def.type === 'union') return def.options.flatMap((option) => branches(option));
  if (def.type === 'intersection') return [...branches(def.left), ...branches(def.right)];
  return [core];
}

/** The schemas for what hangs under `key`; none where the schema does not say. */
export function childrenAt(schema: Any, key: PropertyKey): readonly Any[] {
  return branches(schema).flatMap((branch) => childOf(shapeOf(branch), key) ?? []);
}

function childOf(def: ReturnType<typeof shapeOf>, key: PropertyKey): Any | undefined {
  if (def.type === 'object') return Object.hasOwn(def.shape, key) ? def.shape[String(key)] : def.catchall;
  if (def.type === 'record') return def.valueType;
  if (def.type === 'array') return def.element;
  return def.type === 'tuple' ? (def.items[Number(key)] ?? def.rest ?? undefined) : undefined;
}

export function schemasAt(schema: Any, path: readonly PropertyKey[]): readonly Any[] {
  let at: readonly Any[] = [schema];
  for (const key of path) at = at.flatMap((one) => childrenAt(one, key));
  return at;
}

/** The names of the fields that a map of this schema may have. */
export function fieldNames(schemas: readonly Any[]): readonly string[] {
  return schemas.flatMap(branches).flatMap((branch) => {
    const def = shapeOf(branch);
    return def.type === 'object' ? Object.keys(def.shape) : [];
  });
}

/** The first that a schema's layers say about `key` in their metadata. */
export function metaOf(schema: Any, key: string): unknown {
  for (const layer of layers(schema)) {
    const value = z.globalRegistry.get(layer)?.[key];
    if (value !== undefined) return value;
    const def = shapeOf(layer);
    if (def.type === 'union') {
      const inner = def.options.map((option) => metaOf(option, key)).find((found) => found !== undefined);
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}

/** `duration`, `byte-size`, `secret`, or what else a schema calls its format. */
export function formatOf(schemas: readonly Any[]): string | undefined {
  const format = schemas.map((schema) => metaOf(schema, 'format')).find((found) => found !== undefined);
  return typeof format === 'string' ? format : undefined;
}

export function isSecret(schemas: readonly Any[]): boolean {
  return schemas.some((schema) => metaOf(schema, 'format') === 'secret');
}
