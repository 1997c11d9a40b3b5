import { watchFile, type Context, type RunningExtension } from 'sluice/plugin';
import type { ClientConfig } from './config.ts';
import { formatBasic } from './header.ts';

/** Sends a name and a password, from the configuration or from files. */
export async function startClient(config: ClientConfig, context: Context): Promise<RunningExtension> {
  let username = config.username ?? '';
  let password = config.password?.reveal() ?? '';
  const watched: (() => void)[] = [];
  const stop = (): void => watched.splice(0).forEach((unwatch) => unwatch());
  const watch = async (option: string, path: string | undefined, take: (text: string) => void): Promise<void> => {
    if (path === undefined) return;
    const taken = (text: string): void => take(contentOf(text));
    try {
      watched.push(await watchFile(path, context, taken));
    } catch (error) {
      stop();
      throw new Error(`client_auth.${option}: ${path}: ${(error as Error).message}`, { cause: error });
    }
  };
  await watch('username_file', config.username_file, (text) => {
    if (text.includes(':')) throw new Error('a name with a colon cannot be sent');
    username = text;
  });
  await watch('password_file', config.password_file, (text) => (password = text));
  return {
    provides: { clientAuth: { headers: () => ({ authorization: formatBasic({ username, password }) }) } },
    stop,
  };
}

/** Without the line feed that editors leave at the end. */
function contentOf(text: string): string {
  const content = text.replace(/\r?\n$/, '');
  if (content === '') throw new Error('the file is empty');
  return content;
}
