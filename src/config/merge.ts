import type { Report } from './diagnostic.ts';
import { describeNode, isNull, type Entry, type MapNode, type Node } from './node.ts';

/**
 * Lays `over` on top of `base`. Maps merge key by key; scalars, lists and nulls of the later source win. Every node keeps
 * its place. A map against something that is neither map nor null is reported with both places, and the map holds.
 */
export function mergeNodes(base: Node, over: Node, report: Report, path = ''): Node {
  if (base.kind === 'map' && over.kind === 'map') return mergeMaps(base, over, report, path);
  if (base.kind !== over.kind && !isNull(base) && !isNull(over) && (base.kind === 'map' || over.kind === 'map')) {
    report.error(
      'merge-conflict',
      over.place,
      `${path === '' ? 'the top level' : path} is ${kindOf(over)} here and ${kindOf(base)} elsewhere`,
      {
        found: over.kind === 'scalar' ? kindOf(over) : describeNode(over),
        related: [{ message: `${kindOf(base)} here`, place: base.place }],
      },
    );
  }
  // After a conflict the map holds, so that what refers to its entries raises no further errors.
  return base.kind === 'map' && !isNull(over) ? base : over;
}

function mergeMaps(base: MapNode, over: MapNode, report: Report, path: string): MapNode {
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of over.entries) {
    const earlier = entries.get(key);
    const below = path === '' ? key : `${path}.${key}`;
    entries.set(
      key,
      earlier === undefined ? entry : { key: entry.key, value: mergeNodes(earlier.value, entry.value, report, below) },
    );
  }
  return { kind: 'map', place: over.place, entries };
}

function kindOf(node: Node): string {
  return node.kind === 'scalar' ? 'a single value' : `a ${node.kind}`;
}
