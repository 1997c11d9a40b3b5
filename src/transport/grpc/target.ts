/** Where a gRPC client connects to. */
export interface GrpcTarget {
  readonly secure: boolean;
  /** How addresses are found: `dns:///host:port`, `ipv4:…`, `unix:/path`, as gRPC names them. */
  readonly name: string;
}

/**
 * Reads the Collector's forms of an endpoint: `host:port`, `http://host:port` (plain text), `https://host:port`,
 * `dns:///host:port`, `unix:///path`. Throws an Error that says what was found.
 */
export function parseGrpcTarget(endpoint: string, insecure: boolean): GrpcTarget {
  const scheme = /^(?<scheme>[a-z][a-z\d+.-]*):\/\//i.exec(endpoint)?.groups?.['scheme']?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') {
    const url = URL.parse(endpoint);
    if (url === null || url.pathname !== '/' || url.search !== '' || url.username !== '') {
      throw new Error(`endpoint: expected ${scheme}://host:port without a path, found "${endpoint}"`);
    }
    const port = url.port === '' ? (scheme === 'https' ? 443 : 80) : url.port;
    return { secure: scheme === 'https', name: `dns:///${url.hostname}:${port}` };
  }
  if (scheme === 'unix') return { secure: !insecure, name: `unix:${endpoint.slice('unix://'.length)}` };
  if (scheme === 'dns' || scheme === 'passthrough') {
    return { secure: !insecure, name: `dns:///${endpoint.replace(/^[a-z]+:\/\/[^/]*\//i, '')}` };
  }
  if (scheme !== undefined || /[\s/]/.test(endpoint)) {
    throw new Error(`endpoint: expected host:port, http://, https://, dns:/// or unix://, found "${endpoint}"`);
  }
  return { secure: !insecure, name: `dns:///${endpoint}` };
}
