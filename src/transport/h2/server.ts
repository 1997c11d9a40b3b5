import type { AddressInfo, ListenOptions, Server as NetServer } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { SocketServer } from '../socket/server.ts';
import { ServerConnection, type ServerOptions } from './server-connection.ts';

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
  const { tls, limits } = options;
  const sockets = new SocketServer({
    ...(tls !== undefined && { tls }),
    protocol: 'h2',
    maxConnections: options.maxConnections,
    handshakeTimeout: limits.handshakeTimeout,
    sweepInterval: limits.sweepInterval,
    allowHalfOpen: false,
    accept: (socket, secure) => new ServerConnection(socket, options, !secure),
  });
  return {
    listen: async (where) => {
      const address = await (typeof where === 'function' ? where(sockets.server) : listen(sockets.server, where));
      // An error while accepting, such as too many open files, concerns that one connection.
      sockets.server.on('error', () => {});
      return address;
    },
    close: (deadline) => sockets.close(deadline),
    setSecureContext: (context) => sockets.setSecureContext(context),
    get connections() {
      return sockets.size;
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
