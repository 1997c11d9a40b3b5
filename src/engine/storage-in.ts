import type { ExtensionContext, Logger } from '../plugin/index.ts';
import { lockDirectory, openStateStore } from './durable/index.ts';

/** Storage in a folder, locked against other processes. Damage to a stored value is named in the log. */
export function storageIn(logger: Logger): ExtensionContext['storageIn'] {
  return async (directory) => {
    const lock = await lockDirectory(directory);
    const states = openStateStore({
      directory,
      trouble: (error) => logger.error({ error: error.message }, 'stored state is damaged'),
    });
    return { provider: { directory, open: (owner) => states.open(owner) }, release: () => lock.release() };
  };
}
