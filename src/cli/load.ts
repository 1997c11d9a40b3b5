import { readFileSync } from 'node:fs';
import process from 'node:process';
import { distribution } from '../../plugins/index.ts';
import { formatDiagnostics, type ConfigSource, type Configuration, type Environment } from '../config/index.ts';
import { configure, type Configured } from '../engine/index.ts';
import { coloured, complain } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export const environment: Environment = {
  env: process.env,
  readFile: (path) => readFileSync(path, 'utf8'),
};

/** The sources that `--config` and `--set` name. Throws UsageError where a file cannot be read. */
export function readSources(files: readonly string[], sets: readonly string[]): readonly ConfigSource[] {
  return [...files.map((name) => ({ name, text: readText(name) })), ...sets.map((set) => ({ set }))];
}

function readText(name: string): string {
  try {
    return readFileSync(name, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a folder',
      EACCES: 'reading it is not permitted',
    };
    throw new UsageError(`cannot read the configuration ${name}: ${reasons[code ?? ''] ?? message}`);
  }
}

/** Checks sources, says on standard error all there is to say, and gives the configuration where there are no errors. */
export async function check(sources: readonly ConfigSource[]): Promise<Configuration | undefined> {
  const { configuration, diagnostics } = await configured(sources);
  complain(formatDiagnostics(diagnostics, sources, { color: coloured() }));
  return configuration;
}

/** The components that the given files bring beside the built-in ones. Throws UsageError where a plugin cannot be loaded. */
export async function registryFor(files: readonly string[]): Promise<Configured['registry']> {
  const sources = readSources(files, []);
  const { registry, diagnostics } = await configured(sources);
  const failed = diagnostics.filter(({ code }) => code === 'unloadable-plugin' || code === 'conflicting-plugin');
  if (failed.length > 0) throw new UsageError(`not all plugins can be loaded\n${formatDiagnostics(failed, sources)}`);
  return registry;
}

function configured(sources: readonly ConfigSource[]): Promise<Configured> {
  return configure(sources, distribution, environment);
}
