import { readComponents, sections, type Section } from './components.ts';
import type { ComponentConfig, Configuration, PluginReference } from './configuration.ts';
import { checkConnectors } from './connectors.ts';
import { Report, type Diagnostic } from './diagnostic.ts';
import { effectiveValue } from './effective.ts';
import { interpolate, type Environment } from './interpolate.ts';
import { listed } from './ids.ts';
import { nearest } from './near.ts';
import { child, describeNode, isNull, type Entry, type MapNode, type Node } from './node.ts';
import { checkOptionReferences, checkStarted } from './option-references.ts';
import { referencesIn } from './pipelines.ts';
import { readSources, sourceName } from './read-sources.ts';
import { checkReferences, checkUnused } from './references.ts';
import type { Registry } from './registry.ts';
import type { Declarations, Scope } from './scope.ts';
import { serviceSchema } from './service-schema.ts';
import { readService } from './service.ts';
import type { ConfigSource } from './source.ts';

export interface Loaded {
  /** Absent where there is an error among the diagnostics. */
  readonly configuration?: Configuration;
  /** Everything there is to say, in the order of the sources. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads, merges and checks a configuration. It touches files and variables only through `environment`. */
export function loadConfig(sources: readonly ConfigSource[], registry: Registry, environment: Environment): Loaded {
  const report = new Report();
  const configuration = load(sources, registry, environment, report);
  const diagnostics = report.diagnostics(sources.map(sourceName));
  return configuration === undefined || report.failed ? { diagnostics } : { configuration, diagnostics };
}

/** The names under `plugins`, which have to be loaded before a registry is complete. Mistakes are left to `loadConfig`. */
export function readPluginNames(
  sources: readonly ConfigSource[],
  environment: Environment,
): readonly PluginReference[] {
  const report = new Report();
  const merged = readSources(sources, report);
  const list = child(merged, 'plugins')?.value;
  return list === undefined ? [] : pluginReferences(interpolate(list, environment, report));
}

function pluginReferences(list: Node | undefined): PluginReference[] {
  return referencesIn(list).map(({ id, place }) => ({ name: id, source: place }));
}

function load(
  sources: readonly ConfigSource[],
  registry: Registry,
  environment: Environment,
  report: Report,
): Configuration | undefined {
  const merged = readSources(sources, report);
  if (merged === undefined) return undefined;
  const root = interpolate(merged, environment, report) as MapNode;
  const section = checkTopLevel(root, report);
  const declarations = Object.fromEntries(
    (Object.keys(sections) as Section[]).map((name) => [
      name,
      readComponents(name, section(name)?.value, registry, report),
    ]),
  ) as Declarations;
  const written = section('service');
  if (written === undefined) {
    report.error('missing-service', root.place, 'there is no "service:" section', {
      hint: 'service.pipelines says which components run',
    });
    return undefined;
  }
  const { pipelines, started, service } = readService(written.key, written.value, report);
  const scope: Scope = { declarations, pipelines, started, registry, report, mentioned: new Set() };
  checkReferences(scope);
  checkStarted(scope);
  checkConnectors(scope);
  checkOptionReferences(scope);
  if (pipelines.length > 0) checkUnused(scope);
  if (service === undefined || report.failed) return undefined;

  const components = Object.fromEntries(
    Object.entries(declarations).map(([section, declared]) => [section, componentsOf(declared)]),
  ) as Record<Section, ReadonlyMap<string, ComponentConfig>>;
  const plugins = pluginReferences(child(root, 'plugins')?.value);
  return { ...components, service, plugins, effective: effectiveDocument(root, components) };
}

function componentsOf(declared: Declarations[Section]): ReadonlyMap<string, ComponentConfig> {
  return new Map(
    [...declared].flatMap(([id, { component }]) => (component === undefined ? [] : [[id, component] as const])),
  );
}

/** Finds sections by name; a misspelt one too, once it has been reported, so that its contents are checked as well. */
function checkTopLevel(root: MapNode, report: Report): (name: string) => Entry | undefined {
  const known = [...Object.keys(sections), 'service', 'plugins'];
  const found = new Map<string, Entry>([...root.entries].filter(([name]) => known.includes(name)));
  for (const [name, entry] of root.entries) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    if (near !== undefined && !found.has(near)) found.set(near, entry);
    const hint = near === undefined ? `the sections are ${listed(known)}` : `did you mean ${JSON.stringify(near)}?`;
    report.error('unknown-section', entry.key, `unknown section ${JSON.stringify(name)}`, { hint });
  }
  const plugins = found.get('plugins')?.value;
  if (plugins !== undefined && !isNull(plugins)) checkPlugins(plugins, report);
  return (name) => found.get(name);
}

function checkPlugins(node: Node, report: Report): void {
  const isText = (item: Node): boolean => item.kind === 'scalar' && typeof item.value === 'string';
  const odd = node.kind === 'list' ? node.items.find((item) => !isText(item)) : node;
  if (odd === undefined) return;
  const found = describeNode(odd);
  report.error('wrong-type', odd.place, 'plugins must be a list of paths or package names', { found });
}

function effectiveDocument(
  root: MapNode,
  components: Record<Section, ReadonlyMap<string, ComponentConfig>>,
): Record<string, unknown> {
  const document: Record<string, unknown> = {};
  if (root.entries.has('plugins')) document['plugins'] = effectiveValue(child(root, 'plugins')?.value, []);
  for (const [section, byId] of Object.entries(components)) {
    if (byId.size > 0) document[section] = Object.fromEntries([...byId].map(([id, { effective }]) => [id, effective]));
  }
  document['service'] = effectiveValue(child(root, 'service')?.value, [serviceSchema]);
  return document;
}
