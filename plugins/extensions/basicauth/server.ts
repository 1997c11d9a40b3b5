import { watchFile, type Context, type RunningExtension } from 'sluice/plugin';
import { onlyValue } from '../credentials/header-value.ts';
import type { HtpasswdConfig } from './config.ts';
import { CostlyChecks } from './costly-checks.ts';
import { parseBasic } from './header.ts';
import { parseHtpasswd } from './htpasswd.ts';
import { Users } from './users.ts';

/** Lets in whom the htpasswd file and the inline lines know. */
export async function startServer({ file, inline }: HtpasswdConfig, context: Context): Promise<RunningExtension> {
  const checks = new CostlyChecks();
  const users = new Users(checks);
  const own = explained('htpasswd.inline', () => parseHtpasswd(inline?.reveal() ?? ''));
  let unwatch = (): void => {};
  if (file === undefined) explained('htpasswd.inline', () => users.replace(own));
  else {
    const take = (text: string): void => users.replace(new Map([...parseHtpasswd(text), ...own]));
    const watching = watchFile(file, context, take);
    unwatch = await watching.catch((error: unknown) => fault(`htpasswd.file: ${file}`, error));
  }
  return {
    provides: {
      serverAuth: {
        challenge: 'Basic realm="sluice", charset="UTF-8"',
        async authenticate({ headers }) {
          const given = parseBasic(onlyValue(headers, 'authorization') ?? '');
          return given !== undefined && (await users.admits(given)) ? { identity: given.username } : undefined;
        },
      },
    },
    stop() {
      unwatch();
      return checks.stop();
    },
  };
}

function explained<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    return fault(where, error);
  }
}

function fault(where: string, error: unknown): never {
  throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
}
