import { realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { cwd } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Diagnostic, PluginReference } from '../../config/index.ts';
import type { Definition } from '../../plugin/index.ts';
import { openDoors, packageSpecifier } from './doors.ts';
import { reasonOf, withPlace, type Reason } from './reason.ts';
import { definitionsOf } from './shape.ts';

export interface LoadedPlugins {
  readonly definitions: readonly Definition[];
  /** One error for each plugin that is not to be had. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Imports plugins by path, counted from the folder of the file that names them, or by package name, looked for from that
 * folder and then from the working directory. `known` are the components that there are already. Never throws.
 */
export async function loadPlugins(
  references: readonly PluginReference[],
  known: readonly Definition[],
): Promise<LoadedPlugins> {
  if (references.length === 0) return { definitions: [], diagnostics: [] };
  openDoors();
  const definitions: Definition[] = [];
  const diagnostics: Diagnostic[] = [];
  const taken = new Set(known.flatMap(namesOf));
  for (const reference of references) {
    try {
      const brought = await load(reference);
      const conflict = brought.flatMap(namesOf).find((name) => taken.has(name));
      if (conflict !== undefined) {
        diagnostics.push(
          failure(reference, 'conflicting-plugin', {
            message: `there already is a ${conflict}`,
            hint: 'give the type another name',
          }),
        );
        continue;
      }
      for (const name of brought.flatMap(namesOf)) taken.add(name);
      definitions.push(...brought);
    } catch (error) {
      diagnostics.push(
        failure(reference, 'unloadable-plugin', error instanceof ImportError ? error.reason : reasonOf(error)),
      );
    }
  }
  return { definitions, diagnostics };
}

/** The plugin's own code, or what it imports, failed. */
class ImportError extends Error {
  readonly reason: Reason;

  constructor(cause: unknown) {
    super('a plugin cannot be imported', { cause });
    this.reason = withPlace(cause);
  }
}

function namesOf({ kind, type, aliases }: Definition): string[] {
  return [type, ...aliases].map((name) => `${kind} "${name}"`);
}

function failure({ name, source }: PluginReference, code: Diagnostic['code'], { message, hint }: Reason): Diagnostic {
  const text = `cannot load the plugin ${JSON.stringify(name)}: ${message}`;
  return { severity: 'error', code, message: text, ...source, ...(hint !== undefined && { hint }) };
}

async function load({ name, source }: PluginReference): Promise<readonly Definition[]> {
  const folder = dirname(resolve(source.file));
  const file = await realpath(isPath(name) ? pathOf(name, folder) : packageFile(name, [folder, cwd()]));
  await refuseShared(file);
  return definitionsOf((await imported(file)).default);
}

async function imported(file: string): Promise<{ readonly default?: unknown }> {
  try {
    return (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
  } catch (error) {
    throw new ImportError(error);
  }
}

function isPath(name: string): boolean {
  return /^(?:\.{0,2}\/|file:\/\/)/.test(name);
}

function pathOf(name: string, folder: string): string {
  return name.startsWith('file:') ? fileURLToPath(name) : resolve(folder, name);
}

function packageFile(name: string, folders: readonly string[]): string {
  let first: unknown;
  for (const folder of folders) {
    try {
      const url = import.meta.resolve(packageSpecifier(name, pathToFileURL(`${folder}/`).href));
      if (!url.startsWith('file:')) throw new Error('it is no package');
      return fileURLToPath(url);
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

/** Whoever may write to a plugin's folder may run code with our rights. */
async function refuseShared(file: string): Promise<void> {
  for (const path of [file, dirname(file)]) {
    const { mode } = await stat(path);
    if ((mode & 0o002) !== 0)
      throw new Error(`everybody may write to ${path}, so it is not trusted; chmod o-w would mend it`);
  }
}
