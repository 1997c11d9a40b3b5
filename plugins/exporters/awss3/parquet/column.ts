import type { Leaf } from './leaf.ts';
import type { SchemaElement } from './thrift.ts';

/** A top-level column: its part of the schema, parents first, and the leaves that hold its values. */
export interface Column {
  readonly elements: readonly SchemaElement[];
  readonly leaves: readonly Leaf[];
}

export function flatColumn(leaf: Leaf): Column {
  return { elements: [leaf.element], leaves: [leaf] };
}
