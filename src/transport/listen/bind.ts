import { lookup } from 'node:dns/promises';
import { stat, unlink } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { hostPort, type ListenAddress } from './address.ts';

/** Binds a server; the result is what it really listens on. Rejects with an Error that names the address. */
export async function bind(server: Server, address: ListenAddress): Promise<string> {
  const wanted = 'path' in address ? address.path : hostPort(address.host, address.port);
  try {
    if ('path' in address) await clearStaleSocket(address.path);
    await listen(server, 'path' in address ? address : await resolved(address));
  } catch (error) {
    throw new Error(`cannot listen on ${wanted}: ${(error as Error).message}`, { cause: error });
  }
  const bound = server.address();
  return bound === null || typeof bound === 'string' ? (bound ?? wanted) : hostPort(bound.address, bound.port);
}

function listen(
  server: Server,
  where: { readonly path: string } | { readonly host?: string; readonly port: number },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(where, () => {
    server.off('error', reject);
    resolve();
  });
  return promise;
}

/** IPv4 first, as Go does, so that `localhost` is 127.0.0.1 whatever the machine's resolver prefers. */
async function resolved({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): Promise<{ readonly host?: string; readonly port: number }> {
  if (host === '') return { port };
  const { address } = await lookup(host, { order: 'ipv4first' });
  return { host: address, port };
}

/** A socket file that nobody listens on any more, left by a process that was killed, makes room. */
export async function clearStaleSocket(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isSocket() !== true || (await answers(path))) return;
  await unlink(path);
}

function answers(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(path);
  socket.once('connect', () => {
    socket.destroy();
    resolve(true);
  });
  socket.once('error', () => resolve(false));
  return promise;
}
