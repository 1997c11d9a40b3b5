import { lookup } from 'node:dns/promises';
import { connect as connectNet, isIP, type Socket } from 'node:net';
import type { GrpcTarget } from '../../grpc/target.ts';
import type { ClientTls } from '../../tls/client.ts';
import { nodeTls } from '../../tls/node.ts';

/** Where a client's connections go. */
export interface Destination {
  /** For the :authority header. */
  readonly authority: string;
  /** The addresses now. Rejects where the name cannot be found. */
  resolve(): Promise<readonly string[]>;
  connect(address: string): Socket;
}

/** Throws an Error that says what was found where the target has no usable port. */
export function destinationOf(target: GrpcTarget, tls: ClientTls | undefined): Destination {
  const path = /^unix:(?<path>.+)$/.exec(target.name)?.groups?.['path'];
  if (path !== undefined) return unix(path, tls);
  const name = target.name.replace(/^[a-z\d]+:(?:\/\/\/)?/, '');
  const found = /^(?:\[(?<v6>[^\]]+)\]|(?<host>[^:]+))(?::(?<port>\d{1,5}))?$/.exec(name)?.groups;
  const port = Number(found?.['port'] ?? (target.secure ? 443 : 80));
  if (found === undefined || port > 65_535) throw new Error(`endpoint: expected host:port, found "${name}"`);
  const host = found['v6'] ?? found['host'] ?? '';
  return {
    authority: name,
    resolve: async () =>
      isIP(host) > 0 ? [host] : (await lookup(host, { all: true, order: 'ipv4first' })).map(({ address }) => address),
    connect: (address) =>
      tls === undefined ? connectNet({ host: address, port }) : secure({ host: address, port }, tls, host),
  };
}

function unix(path: string, tls: ClientTls | undefined): Destination {
  return {
    authority: 'localhost',
    resolve: () => Promise.resolve([path]),
    connect: () => (tls === undefined ? connectNet({ path }) : secure({ path }, tls, 'localhost')),
  };
}

function secure(
  where: { readonly host: string; readonly port: number } | { readonly path: string },
  tls: ClientTls,
  host: string,
): Socket {
  const name = tls.servername ?? host;
  const socket = nodeTls().connect({
    ...where,
    secureContext: tls.secureContext,
    rejectUnauthorized: tls.rejectUnauthorized,
    ALPNProtocols: ['h2'],
    ...(isIP(name) === 0 && { servername: name }),
  });
  socket.once('secureConnect', () => {
    if (socket.alpnProtocol !== 'h2') socket.destroy(new Error('the server does not speak HTTP/2 (no ALPN)'));
  });
  return socket;
}
