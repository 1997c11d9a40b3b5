import { isAlias, isMap, isScalar, isSeq, type Alias, type Node as YamlNode, type Scalar, type YAMLMap } from 'yaml';
import type { Place, Report } from './diagnostic.ts';
import type { Entry, MapNode, Node, ScalarNode } from './node.ts';

const maxNodes = 100_000;
const maxDepth = 200;
const nowhere = [0, 0, 0] as const;

/** Turns the tree of the `yaml` library into ours: aliases and `<<` resolved, places kept, size and depth bounded. */
export class TreeBuilder {
  readonly #placeAt: (start: number, end: number) => Place;
  readonly #report: Report;
  readonly #anchors = new Map<string, { readonly node: Node; readonly size: number }>();
  readonly #open = new Set<string>();
  #count = 0;
  #full = false;

  constructor(placeAt: (start: number, end: number) => Place, report: Report) {
    this.#placeAt = placeAt;
    this.#report = report;
  }

  build(yaml: unknown, depth = 0): Node {
    const place = this.#place(yaml);
    if (this.#full || !this.#room(1, depth, place)) return scalar(place, null, '');
    if (isAlias(yaml)) return this.#alias(yaml, depth);
    const anchor = isMap(yaml) || isSeq(yaml) || isScalar(yaml) ? yaml.anchor : undefined;
    if (anchor === undefined) return this.#plain(yaml, place, depth);
    const before = this.#count;
    this.#open.add(anchor);
    const node = this.#plain(yaml, place, depth);
    this.#open.delete(anchor);
    this.#anchors.set(anchor, { node, size: this.#count - before + 1 });
    return node;
  }

  #plain(yaml: unknown, place: Place, depth: number): Node {
    if (isMap(yaml)) return this.#map(yaml, place, depth);
    if (isSeq(yaml)) return { kind: 'list', place, items: yaml.items.map((item) => this.build(item, depth + 1)) };
    return isScalar(yaml) ? scalarOf(yaml, place) : scalar(place, null, '');
  }

  #map(yaml: YAMLMap, place: Place, depth: number): MapNode {
    const entries = new Map<string, Entry>();
    const merged: Entry[] = [];
    for (const pair of yaml.items) {
      const key = this.#place(pair.key);
      const name = this.#keyName(pair.key, key);
      if (name === undefined) continue;
      const value = pair.value === null ? scalar(key, null, '') : this.build(pair.value, depth + 1);
      if (isMergeKey(pair.key)) {
        merged.push({ key, value });
        continue;
      }
      const earlier = entries.get(name);
      if (earlier === undefined) entries.set(name, { key, value });
      else {
        const related = [{ message: 'first written here', place: earlier.key }];
        this.#report.error('duplicate-key', key, `the key ${JSON.stringify(name)} stands twice in this map`, {
          related,
        });
      }
    }
    for (const entry of merged) this.#mergeInto(entries, entry);
    return { kind: 'map', place, entries };
  }

  /** What `<<` brings in gives way to what the map says itself. */
  #mergeInto(entries: Map<string, Entry>, { key, value }: Entry): void {
    for (const node of value.kind === 'list' ? value.items : [value]) {
      if (node.kind !== 'map') {
        this.#report.error('invalid-merge-key', key, '"<<" merges a map, or a list of maps');
        continue;
      }
      for (const [name, entry] of node.entries) if (!entries.has(name)) entries.set(name, entry);
    }
  }

  #keyName(yaml: unknown, place: Place): string | undefined {
    if (isMergeKey(yaml)) return '<<';
    const source = isAlias(yaml) ? this.build(yaml) : undefined;
    const name = isScalar(yaml) ? keyText(yaml) : source?.kind === 'scalar' ? source.text : undefined;
    if (name !== undefined && name !== '__proto__') return name;
    const message = name === undefined ? 'a map or a list cannot be a key' : 'the key "__proto__" is not allowed';
    const hint = name === undefined ? 'a template such as {{ … }} needs quotes' : undefined;
    this.#report.error('invalid-key', place, message, hint === undefined ? {} : { hint });
    return undefined;
  }

  #alias(yaml: Alias, depth: number): Node {
    const place = this.#place(yaml);
    const known = this.#anchors.get(yaml.source);
    if (this.#open.has(yaml.source)) {
      this.#report.error('unknown-alias', place, `the alias "*${yaml.source}" stands inside what it refers to`);
    } else if (known === undefined) {
      const hint = 'text that starts with * needs quotes';
      this.#report.error('unknown-alias', place, `no anchor "&${yaml.source}" stands before this alias`, { hint });
    } else if (this.#room(known.size, depth, place)) {
      return known.node;
    }
    return scalar(place, null, '');
  }

  /** Counts nodes as if aliases were written out, which is what later stages see. */
  #room(size: number, depth: number, place: Place): boolean {
    this.#count += size;
    if (this.#count <= maxNodes && depth <= maxDepth) return true;
    if (!this.#full) {
      const limit =
        depth > maxDepth
          ? `nests deeper than ${maxDepth} levels`
          : `has more than ${maxNodes} values, aliases written out`;
      this.#report.error('too-large', place, `the configuration ${limit}`);
    }
    this.#full = true;
    return false;
  }

  #place(yaml: unknown): Place {
    const range = (yaml as YamlNode | null)?.range ?? nowhere;
    return this.#placeAt(range[0], range[1]);
  }
}

function isMergeKey(yaml: unknown): boolean {
  return isScalar(yaml) && typeof yaml.value === 'symbol';
}

function keyText(yaml: Scalar): string {
  return typeof yaml.value === 'string' ? yaml.value : (yaml.source ?? String(yaml.value));
}

function scalarOf(yaml: Scalar, place: Place): ScalarNode {
  const { value } = yaml;
  if (typeof value === 'string') return scalar(place, value, value);
  if (typeof value === 'number' || typeof value === 'boolean')
    return scalar(place, value, yaml.source ?? String(value));
  return scalar(place, null, yaml.source ?? '');
}

function scalar(place: Place, value: ScalarNode['value'], text: string): ScalarNode {
  return { kind: 'scalar', place, value, text };
}
