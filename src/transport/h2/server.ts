import {
  createServer as createNetServer,
  type Server as NetServer,
  type AddressInfo,
  type ListenOptions,
  type Socket,
} from 'node:net';
import type { TlsOptions, TLSSocket } from 'node:tls';
import { ServerConnection, type ServerOptions } from './server-connection.ts';
import { nodeTls } from '../tls/node.ts';

export interface ListenerOptions extends ServerOptions {
  /** Plain text where it is left out. */
  readonly tls?: TlsOptions;
  readonly maxConnections: number;
}

export interface Server {
  /** Resolves to what it listens on: `host:port`, or the path. A function binds the socket itself. */
  listen(where: ListenOptions | ((server: NetServer) => Promise<string>)): Promise<string>;
  /** Accepts nothing new, lets requests end until `deadline` (milliseconds since the epoch), then cuts. */
  close(deadline: number): Promise<void>;
  /** For certificates that are read again. */
  setSecureContext(options: TlsOptions): void;
  readonly connections: number;
}

/** An HTTP/2 server for requests that are answered whole, with prior knowledge or over TLS. */
export function createServer(options: ListenerOptions): Server {
  const connections = new Set<ServerConnection>();
  /** The sockets below, those in the middle of a TLS handshake included. */
  const sockets = new Set<Socket>();
  const { tls, limits } = options;
  const accept = (accepted: Socket): void => {
    const connection = new ServerConnection(accepted, options, tls === undefined);
    connections.add(connection);
    connection.socket.on('close', () => connections.delete(connection));
    if (tls === undefined) track(connection.socket);
  };
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const secure =
    tls === undefined
      ? undefined
      : nodeTls().createServer({ ...tls, ALPNProtocols: ['h2'], handshakeTimeout: limits.handshakeTimeout });
  const server = secure ?? createNetServer({ pauseOnConnect: true });
  server.maxConnections = options.maxConnections;
  server.on(secure === undefined ? 'connection' : 'secureConnection', accept);
  if (secure !== undefined) server.on('connection', track);
  server.on('tlsClientError', (_error: Error, socket: TLSSocket) => socket.destroy());
  const sweeper = setInterval(() => {
    const now = Date.now();
    for (const connection of connections) connection.sweep(now);
  }, limits.sweepInterval);
  sweeper.unref();
  return {
    listen: async (where) => {
      const address = await (typeof where === 'function' ? where(server) : listen(server, where));
      // An error while accepting, such as too many open files, concerns that one connection.
      server.on('error', () => {});
      return address;
    },
    close: (deadline) => close({ server, sweeper, connections, sockets }, deadline),
    setSecureContext: (context) => secure?.setSecureContext(context),
    get connections() {
      return connections.size;
    },
  };
}

async function listen(server: NetServer, where: ListenOptions): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(where, resolve);
  await promise;
  server.off('error', reject);
  const address = server.address() as AddressInfo | string;
  if (typeof address === 'string') return address;
  return `${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}

interface Parts {
  readonly server: NetServer;
  readonly sweeper: NodeJS.Timeout;
  readonly connections: ReadonlySet<ServerConnection>;
  readonly sockets: ReadonlySet<Socket>;
}

async function close({ server, sweeper, connections, sockets }: Parts, deadline: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  for (const connection of connections) connection.drain();
  const cut = setTimeout(
    () => {
      for (const socket of sockets) socket.destroy();
    },
    Math.max(0, deadline - Date.now()),
  );
  await promise;
  clearTimeout(cut);
  clearInterval(sweeper);
}
