import type { z } from 'zod';
import { branches, metaOf, shapeOf } from './schema-walk.ts';

type Any = z.core.$ZodType;

/** Paths of fields that have no description: `tls.ca_file`, `rules[].name`, `headers.*.value`. Empty is as it should be. */
export function fieldsWithoutDescription(schema: z.ZodType): string[] {
  const missing = new Set<string>();
  walk(schema, '', new Set(), missing);
  return [...missing];
}

function walk(schema: Any, path: string, seen: Set<Any>, missing: Set<string>): void {
  for (const branch of branches(schema)) {
    // A schema that contains itself has been looked at further up.
    if (seen.has(branch)) continue;
    const below = new Set(seen).add(branch);
    const def = shapeOf(branch);
    if (def.type === 'array') walk(def.element, `${path}[]`, below, missing);
    else if (def.type === 'record') walk(def.valueType, join(path, '*'), below, missing);
    else if (def.type === 'tuple') for (const item of def.items) walk(item, `${path}[]`, below, missing);
    else if (def.type === 'object') {
      for (const [name, field] of Object.entries(def.shape)) {
        const here = join(path, name);
        if (metaOf(field, 'description') === undefined && !isTag(field)) missing.add(here);
        walk(field, here, below, missing);
      }
    }
  }
}

/** A literal says what it is by itself: the field that chooses a branch of a union. */
function isTag(schema: Any): boolean {
  return shapeOf(schema).type === 'literal';
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
