import type { Place, Report } from './diagnostic.ts';
import { mergeNodes } from './merge.ts';
import { describeNode, isNull, type MapNode, type Node } from './node.ts';
import { parseYaml } from './parse.ts';
import { hideSecrets } from './secrets.ts';
import { parseSet, setName } from './set.ts';
import type { ConfigSource } from './source.ts';

/** The name under which messages speak of a source. */
export function sourceName(source: ConfigSource): string {
  return 'set' in source ? setName(source.set) : source.name;
}

/** All sources laid over each other, `${…}` still in place. Undefined where one of them is malformed. */
export function readSources(sources: readonly ConfigSource[], report: Report): MapNode | undefined {
  const nodes: Node[] = [];
  for (const source of sources) {
    const node =
      'set' in source
        ? parseSet(source.set, report)
        : parseYaml(source.name, source.text.replace(/^\uFEFF/, ''), report);
    if (node === undefined) continue;
    // Later sources may win over this value, and messages still show its line.
    hideSecrets(node, [], report);
    if (node.kind === 'map') nodes.push(node);
    else if (!isNull(node))
      report.error('wrong-type', node.place, 'a configuration must be a map of sections', {
        found: describeNode(node),
      });
  }
  if (report.failed) return undefined;
  const first: Place = { file: sources[0] === undefined ? '' : sourceName(sources[0]), line: 1, column: 1, length: 1 };
  const empty: Node = { kind: 'map', place: first, entries: new Map() };
  const merged = nodes.reduce((base, over) => mergeNodes(base, over, report), empty);
  return merged.kind === 'map' ? merged : undefined;
}
