import { SocketServer } from '../../socket/server.ts';
import { serverTls } from '../../tls/server.ts';
import type { HttpImplementation } from '../implementation.ts';
import { HttpConnection } from './connection.ts';
import { limitsOf } from './limits.ts';
import { ResponseWriter } from './response.ts';

const handshakeTimeout = 10_000;

/** HTTP/1.1 on sockets, without node:http. */
export const lean: HttpImplementation = {
  create(config, service, surroundings) {
    const tls = config.tls === undefined ? undefined : serverTls(config.tls, surroundings);
    const limits = limitsOf(config);
    const options = { service, limits, writer: new ResponseWriter(config.idle_timeout) };
    const sockets = new SocketServer({
      ...(tls !== undefined && { tls: tls.options }),
      protocol: 'http/1.1',
      maxConnections: config.max_connections,
      handshakeTimeout,
      sweepInterval: limits.sweepInterval,
      allowHalfOpen: true,
      accept: (socket, secure) => new HttpConnection(socket, secure, options),
    });
    const release = tls?.watch((fresh) => sockets.setSecureContext(fresh)) ?? ((): void => {});
    return { server: sockets.server, release, close: (deadline) => sockets.close(deadline) };
  },
};
