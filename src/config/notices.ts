import type { z } from 'zod';
import type { Report } from './diagnostic.ts';
import { isNull } from './node.ts';
import type { Node } from './node.ts';
import { childrenAt, metaOf } from './schema-walk.ts';

/**
 * Warns of fields that are there for compatibility: those whose schema has `ignored` in its metadata have no effect, those
 * with `replacement` are an earlier spelling of that.
 */
export function noticeFields(name: string, node: Node, schemas: readonly z.core.$ZodType[], report: Report): void {
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      const below = schemas.flatMap((schema) => childrenAt(schema, index));
      noticeFields(`${name}[${index}]`, item, below, report);
    }
  }
  if (node.kind !== 'map') return;
  for (const [key, { key: place, value }] of node.entries) {
    const below = schemas.flatMap((schema) => childrenAt(schema, key));
    const meta = (field: string): unknown =>
      below.map((schema) => metaOf(schema, field)).find((found) => found !== undefined);
    const path = `${name}.${key}`;
    const description = meta('description');
    const replacement = meta('replacement');
    if (isNull(value)) continue;
    if (typeof replacement === 'string')
      report.warning('deprecated-option', place, `${path} is deprecated`, { hint: `use ${replacement}` });
    if (meta('ignored') === true) {
      report.warning(
        'ignored-option',
        place,
        `${path} has no effect`,
        typeof description === 'string' ? { hint: description } : {},
      );
    } else noticeFields(path, value, below, report);
  }
}
