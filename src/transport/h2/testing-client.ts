import { connect } from 'node:net';
import { Client } from './client.ts';
import type { Request } from './client-connection.ts';
import type { Server } from './server.ts';
import { exchange, ok, quick, startServer } from './testing.ts';

/** What a test has opened. */
export const cleanups: (() => unknown)[] = [];

export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
}

export async function start(
  options: Parameters<typeof startServer>[0] = {},
): Promise<{ server: Server; address: string }> {
  const started = await startServer(options);
  cleanups.push(() => started.server.close(0));
  return started;
}

/** A client of servers on this machine; an address is `127.0.0.1:port`. */
export function client(
  addresses: string | readonly string[],
  options: Partial<ConstructorParameters<typeof Client>[0]> = {},
): Client {
  const made = new Client({
    limits: quick,
    resolve: () => Promise.resolve([addresses].flat()),
    connect: (address) => connect(Number(address.split(':')[1]), '127.0.0.1'),
    spread: 'all',
    waitForReady: false,
    ...options,
  });
  cleanups.push(() => made.close(0));
  return made;
}

export const request: Request = {
  headers: [':method', 'POST', ':scheme', 'http', ':path', '/', ':authority', 'a'],
  body: Buffer.from('x'),
  maxBody: 1 << 20,
};

/** A server's options that have it answer after so long. */
export const slow = (ms: number): { open: () => ReturnType<typeof exchange> } => ({
  open: () => exchange(() => new Promise((resolve) => setTimeout(resolve, ms, ok))),
});
