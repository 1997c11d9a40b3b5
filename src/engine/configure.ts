import {
  createRegistry,
  loadConfig,
  readPluginNames,
  type ConfigSource,
  type Environment,
  type Loaded,
  type Registry,
} from '../config/index.ts';
import type { Definition } from '../plugin/index.ts';
import { loadPlugins } from './plugins/load.ts';

export interface Configured extends Loaded {
  /** The components that there are: those given, and those of the plugins. */
  readonly registry: Registry;
}

/** Checks a configuration against the given components and those of the plugins that it names, which are imported for it. */
export async function configure(
  sources: readonly ConfigSource[],
  definitions: readonly Definition[],
  environment: Environment,
): Promise<Configured> {
  const plugins = await loadPlugins(readPluginNames(sources, environment), definitions);
  const registry = createRegistry([...definitions, ...plugins.definitions]);
  const loaded = loadConfig(sources, registry, environment);
  if (plugins.diagnostics.length === 0) return { ...loaded, registry };
  // What is unknown may well be what did not load.
  const others = loaded.diagnostics.filter(({ code }) => code !== 'unknown-component');
  return { diagnostics: [...plugins.diagnostics, ...others], registry };
}
