export type Protocol = 'grpc' | 'http';

/** The address of a region's ingress, as Dash0 names its hosts. */
export function endpointOfRegion(region: string, protocol: Protocol): string {
  const host = `ingress.${region}.aws.dash0.com`;
  return protocol === 'grpc' ? `${host}:4317` : `https://${host}`;
}

const shape = /^(?:(?<scheme>[a-z][a-z\d+.-]*):\/\/\/?)?(?<host>\[[^\]]*\]|[^/:\s]+)(?::(?<port>\d+))?(?<path>\/.*)?$/i;

/**
 * What is wrong with an endpoint for a protocol: the mistakes that end as a silent or strange failure. Hosts that are not
 * Dash0's may be anything, since proxies stand before it.
 */
export function endpointFault(endpoint: string, protocol: Protocol): string | undefined {
  const { scheme, host, port, path } = shape.exec(endpoint)?.groups ?? {};
  if (protocol === 'http' && /\/v1\/\w+\/*$/.test(path ?? ''))
    return '`/v1/<signal>` is added to the endpoint; leave it out';
  if (host === undefined || !/(?:^|\.)dash0\.com$/i.test(host)) return undefined;
  if (/^api\./i.test(host))
    return 'this is the API of Dash0; data goes to its ingress, for example ingress.eu-west-1.aws.dash0.com:4317';
  if (scheme?.toLowerCase() === 'http') return 'Dash0 takes data over TLS only; write https://, or no scheme';
  if (protocol === 'grpc' && port !== '4317') return 'Dash0 takes gRPC on port 4317; add it, or write `protocol: http`';
  if (protocol === 'http' && port === '4317') return 'port 4317 is for gRPC; leave it out, or write `protocol: grpc`';
  return undefined;
}

/** Whether a token that is sent there can be read on the way. */
export function isPlainText(endpoint: string, insecure: boolean): boolean {
  const { scheme, host } = shape.exec(endpoint)?.groups ?? {};
  if (host !== undefined && /^(?:localhost|127\..*|\[::1\])$/i.test(host)) return false;
  if (scheme !== undefined && /^(?:https?|unix)$/i.test(scheme)) return scheme.toLowerCase() === 'http';
  return insecure;
}
