import type { z } from 'zod';
import { toInput } from './input.ts';
import { isNull, withoutPassword, type Node } from './node.ts';
import { childrenAt, formatOf, layers, shapeOf } from './schema-walk.ts';
import { comesFromSecret, isHidden, redacted } from './secrets.ts';

type Any = z.core.$ZodType;

/**
 * What holds for a part of the configuration, in the user's own words: what was written, `${…}` replaced, with defaults
 * filled in where the schema names them, and with secrets as `[redacted]`. Durations stay durations.
 */
export function effectiveValue(
  node: Node | undefined,
  schemas: readonly Any[],
  path: readonly PropertyKey[] = [],
): unknown {
  if (node === undefined || (isNull(node) && path.length > 0)) return withDefaults(schemas, path, node !== undefined);
  if (node.kind === 'list') {
    return node.items.map((item, index) => effectiveValue(item, below(schemas, index), [...path, index]));
  }
  if (node.kind === 'scalar' && !isNull(node)) {
    if (node.text !== '' && (isHidden(path, schemas) || comesFromSecret(node.template))) return redacted;
    const value = toInput(node, schemas);
    return typeof value === 'string' ? withoutPassword(value) : value;
  }
  const written = node.kind === 'map' ? node.entries : new Map<string, never>();
  const result = new Map<string, unknown>();
  for (const [key, { value }] of written) result.set(key, effectiveValue(value, below(schemas, key), [...path, key]));
  for (const key of objectFields(schemas)) {
    if (written.has(key)) continue;
    const value = effectiveValue(undefined, below(schemas, key), [...path, key]);
    if (value !== undefined) result.set(key, value);
  }
  return result.size === 0 && schemas.length === 0 && node.kind === 'scalar' ? null : Object.fromEntries(result);
}

function below(schemas: readonly Any[], key: PropertyKey): readonly Any[] {
  return schemas.flatMap((schema) => childrenAt(schema, key));
}

/** Fields whose defaults hold: of a map that can only be one thing. */
function objectFields(schemas: readonly Any[]): readonly string[] {
  if (schemas.length !== 1) return [];
  const core = schemas.flatMap(layers).at(-1);
  const def = core === undefined ? undefined : shapeOf(core);
  return def?.type === 'object' ? Object.keys(def.shape) : [];
}

function withDefaults(schemas: readonly Any[], path: readonly PropertyKey[], present: boolean): unknown {
  for (const layer of schemas.flatMap(layers)) {
    const def = shapeOf(layer);
    if (def.type === 'default' || def.type === 'prefault') return fromDefault(def.defaultValue, schemas, path);
    if (def.type === 'object' && present) return fromDefault({}, schemas, path);
  }
  return undefined;
}

/** A default as it would be written. */
function fromDefault(value: unknown, schemas: readonly Any[], path: readonly PropertyKey[]): unknown {
  if (typeof value === 'number' && formatOf(schemas) === 'duration') return durationText(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const result = new Map<string, unknown>(Object.entries(value));
  for (const key of objectFields(schemas)) {
    const inner = result.has(key)
      ? fromDefault(result.get(key), below(schemas, key), [...path, key])
      : withDefaults(below(schemas, key), [...path, key], false);
    if (inner === undefined) result.delete(key);
    else result.set(key, inner);
  }
  return Object.fromEntries(result);
}

const units = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

/** The largest unit that gives a whole number: 90000 is `90s`, 7200000 is `2h`. */
export function durationText(ms: number): string {
  if (ms === 0) return '0s';
  const unit = units.find(([, size]) => ms % size === 0);
  return unit === undefined ? `${ms}ms` : `${ms / unit[1]}${unit[0]}`;
}
