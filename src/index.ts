import { readFileSync } from 'node:fs';
import process from 'node:process';
import { distribution } from '../plugins/index.ts';
import { formatDiagnostics, type ConfigSource, type Diagnostic } from './config/index.ts';
import { configure, Service } from './engine/index.ts';
import type { Definition, Health } from './plugin/index.ts';
import { createTransport } from './transport/index.ts';

export type { Diagnostic, Place } from './config/index.ts';
export { StartError } from './engine/index.ts';
export type { Definition, Health } from './plugin/index.ts';

export interface StartOptions {
  /** Components beside the built-in ones and those that the configuration names under `plugins`. */
  readonly plugins?: readonly Definition[];
  /** What `${env:NAME}` stands for; the process's environment where it is left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What messages call the configuration. Relative paths under `plugins` count from its folder. */
  readonly name?: string;
  /** Takes the lines of the service's log; standard error where it is left out. */
  readonly log?: (line: string) => void;
}

/** Pipelines that run. */
export interface Running {
  /** Warnings about the configuration. */
  readonly warnings: readonly Diagnostic[];
  health(): Health;
  /** Stops the intake, delivers what is under way, and resolves when nothing is left running. */
  stop(): Promise<void>;
}

/** A configuration with mistakes. The message lists them all, with file, line and column. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[], sources: readonly ConfigSource[]) {
    super(`the configuration has mistakes\n${formatDiagnostics(diagnostics, sources)}`);
    this.diagnostics = diagnostics;
  }
}

/**
 * Runs pipelines in this process. `config` is the text of a YAML file, or an object of the same form. Resolves when every
 * receiver listens. Throws ConfigError where the configuration has mistakes, and StartError where a component cannot start.
 */
export async function start(config: string | object, options: StartOptions = {}): Promise<Running> {
  const { plugins = [], env = process.env, name = 'configuration', log } = options;
  // YAML contains JSON.
  const sources = [{ name, text: typeof config === 'string' ? config : JSON.stringify(config, undefined, 2) }];
  const environment = { env, readFile: (path: string) => readFileSync(path, 'utf8') };
  const { configuration, diagnostics } = await configure(sources, [...distribution, ...plugins], environment);
  if (configuration === undefined) throw new ConfigError(diagnostics, sources);
  const service = new Service({ configuration, createTransport, ...(log !== undefined && { writeLog: log }) });
  await service.start();
  return { warnings: diagnostics, health: () => service.health(), stop: () => service.stop() };
}
