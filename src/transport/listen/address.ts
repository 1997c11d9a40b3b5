/** Where a server listens. An empty host is every address of the machine. */
export type ListenAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/**
 * Reads `host:port`, `:port`, `[::1]:port`, `unix:///path` and, with `transport: unix`, a bare path.
 * Throws an Error that says what was found.
 */
export function parseListenAddress(endpoint: string, transport: 'tcp' | 'unix' = 'tcp'): ListenAddress {
  const unix = /^unix:(?:\/\/)?(?<path>\/.+|[^/].*)$/.exec(endpoint)?.groups?.['path'];
  if (unix !== undefined) return { path: unix };
  if (transport === 'unix') return { path: endpoint };
  const found = /^(?:\[(?<v6>[0-9a-fA-F:.%\w]+)\]|(?<host>[^:/[\]]*)):(?<port>\d{1,5})$/.exec(endpoint)?.groups;
  const port = Number(found?.['port']);
  if (found === undefined || port > 65_535) {
    throw new Error(`endpoint: expected host:port or unix:///path, found "${endpoint}"`);
  }
  return { host: found['v6'] ?? (found['host'] as string), port };
}

/** True where only this machine can connect. */
export function isLocal(address: ListenAddress): boolean {
  if ('path' in address) return true;
  return address.host === 'localhost' || address.host === '::1' || address.host.startsWith('127.');
}

/** `host:port` with an IPv6 host in brackets. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
