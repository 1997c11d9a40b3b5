/** Where a request goes: the connection to use, and what to ask for on it. */
export interface HttpTarget {
  /** Names the connections that can be shared: an origin, or `unix:` and a socket path. */
  readonly origin: string;
  readonly socketPath?: string;
  readonly path: string;
  /** From the URL's user and password. */
  readonly authorization?: string;
}

/**
 * Reads `http://`, `https://` and, for sockets, `unix:///run/app.sock:/path`. Throws an Error that says what was found,
 * without credentials.
 */
export function parseHttpTarget(url: string): HttpTarget {
  const unix = /^unix:(?:\/\/)?(?<socket>\/[^:]+)(?::(?<path>\/.*))?$/.exec(url)?.groups;
  if (unix !== undefined) {
    const socketPath = unix['socket'] as string;
    return { origin: `unix:${socketPath}`, socketPath, path: unix['path'] ?? '/' };
  }
  const parsed = URL.parse(url);
  if (parsed === null || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) {
    throw new Error(`expected an http:// or https:// URL, found "${withoutCredentials(url)}"`);
  }
  const { origin, pathname, search, username, password } = parsed;
  const path = pathname + search;
  if (username === '' && password === '') return { origin, path };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { origin, path, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** A URL as it may be shown. */
export function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/]*@/, '//[redacted]@');
}

/** True for names and addresses of this machine, which no proxy of the environment is asked for. */
export function isLoopback(origin: string): boolean {
  const { hostname } = new URL(origin);
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || hostname.startsWith('127.')
  );
}
