import { z } from 'zod';
import { interpreted } from './interpreted.ts';
import { isNull, type Node, type ScalarNode } from './node.ts';
import { branches, childrenAt, isSecret, layers, shapeOf } from './schema-walk.ts';

type Any = z.core.$ZodType;

/**
 * The plain value of a node, as input for the schemas that it has to meet (several where branches of a union are open).
 * `grpc:` with nothing behind it is an empty map or list where the schema wants one, and a field left out where it does
 * not. A value that came from `${…}` is a number, a boolean or text, whichever the schema takes and loses nothing.
 */
export function toInput(node: Node, schemas: readonly Any[]): unknown {
  if (node.kind === 'list') {
    return node.items.map((item, index) => {
      const below = schemas.flatMap((schema) => childrenAt(schema, index));
      return toInput(item, below) ?? null;
    });
  }
  if (node.kind === 'map') {
    const object: Record<string, unknown> = {};
    for (const [key, { value }] of node.entries) {
      const below = schemas.flatMap((schema) => childrenAt(schema, key));
      const plain = toInput(value, below);
      if (plain !== undefined) object[key] = plain;
    }
    return object;
  }
  return isNull(node) ? emptyInput(node, schemas) : scalarInput(node, schemas);
}

function emptyInput(node: ScalarNode, schemas: readonly Any[]): unknown {
  const all = schemas.flatMap(layers).concat(schemas.flatMap(branches));
  const kinds = new Set(all.map((schema) => shapeOf(schema).type));
  if (kinds.has('null') || kinds.has('nullable') || kinds.has('unknown') || kinds.has('any')) return null;
  if (kinds.has('object') || kinds.has('record')) return {};
  if (kinds.has('array')) return [];
  // A variable that is set, but empty, where text is wanted.
  return node.template !== undefined && takes(schemas, '') ? '' : undefined;
}

function scalarInput(node: ScalarNode, schemas: readonly Any[]): unknown {
  if (isSecret(schemas)) return node.text;
  if (node.template === undefined || node.text === node.value) return node.value;
  // 1.10 is a version and 0123 an account: text that a number would not give back stays text where it may.
  const choices = String(node.value) === node.text ? [node.value, node.text] : [node.text, node.value];
  return choices.find((choice) => takes(schemas, choice)) ?? node.value;
}

function takes(schemas: readonly Any[], value: unknown): boolean {
  return schemas.some((schema) => {
    try {
      return z.safeParse(schema, value, interpreted).success;
    } catch {
      return false;
    }
  });
}
