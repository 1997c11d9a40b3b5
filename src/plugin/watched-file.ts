import { readFile, stat } from 'node:fs/promises';
import type { Context } from './context.ts';

const lookEveryMs = 1000;

/**
 * Reads a file now and whenever it changes, replaced files and symbolic links included. `take` gets its text; what it throws
 * now is thrown here, and later keeps what was taken before. The returned function ends it.
 */
export async function watchFile(
  path: string,
  { clock, logger }: Pick<Context, 'clock' | 'logger'>,
  take: (text: string) => void,
): Promise<() => void> {
  let known = await fingerprint(path);
  take(await readFile(path, 'utf8'));
  let lastFault = '';
  let ended = false;
  let timer = clock.after(lookEveryMs, look);

  function look(): void {
    void refresh().then(() => {
      if (!ended) timer = clock.after(lookEveryMs, look);
    });
  }

  async function refresh(): Promise<void> {
    try {
      const found = await fingerprint(path);
      if (found === known) return;
      take(await readFile(path, 'utf8'));
      known = found;
      lastFault = '';
      logger.info({ path }, 'credentials loaded anew');
    } catch (error) {
      const fault = (error as Error).message;
      if (fault !== lastFault) logger.warn({ path, error: fault }, 'credentials cannot be loaded; the old ones stay');
      lastFault = fault;
    }
  }

  return () => {
    ended = true;
    timer.cancel();
  };
}

async function fingerprint(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
