import type { Logger } from '../../plugin/index.ts';

/** Says at every start that other machines can reach a server that takes data from anyone, or in plain text. */
export function warnIfOpen(logger: Logger, address: string, tls: boolean, auth: boolean): void {
  const missing = [...(tls ? [] : ['tls']), ...(auth ? [] : ['auth'])];
  if (missing.length > 0) logger.warn({ address, without: missing.join(' and ') }, 'listening beyond this machine');
}
