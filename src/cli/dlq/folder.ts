import { check, readSources } from '../load.ts';
import { UsageError } from '../usage-error.ts';

export interface FolderOptions {
  readonly directory?: string;
  readonly config?: readonly string[];
  readonly set?: readonly string[];
}

/** The dead-letter folder that is named, or that of a configuration. Throws UsageError where there is none. */
export async function folderOf({ directory, config, set }: FolderOptions): Promise<string> {
  if (directory !== undefined) return directory;
  if (config === undefined) throw new UsageError('name a folder with --directory, or a configuration with --config');
  const configuration = await check(readSources(config, set ?? []));
  if (configuration === undefined) throw new UsageError('the configuration has mistakes');
  const { deadLetters } = configuration.service;
  if (deadLetters === undefined) throw new UsageError(`${config.join(', ')} has no service.dead_letters.directory`);
  return deadLetters.directory;
}
