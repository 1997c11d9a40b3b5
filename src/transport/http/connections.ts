import { EnvHttpProxyAgent, Pool, ProxyAgent, type Dispatcher } from 'undici';
import type { HttpClientConfig } from '../../plugin/index.ts';
import type { ClientTls } from '../tls/client.ts';
import { isLoopback, type HttpTarget } from './target.ts';

/**
 * Connections to one destination: direct, through `proxy_url`, or through the proxy that the environment names
 * (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`), as Go programs do.
 */
export function openConnections(target: HttpTarget, config: HttpClientConfig, tls: ClientTls | undefined): Dispatcher {
  const options = {
    connections: config.max_idle_conns === 0 ? null : config.max_idle_conns,
    keepAliveTimeout: Math.max(1, config.idle_conn_timeout),
    keepAliveMaxTimeout: Math.max(1, config.idle_conn_timeout),
    // The caller's signal bounds every request as a whole.
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
    allowH2: false,
  };
  const connect = { ...tls, allowH2: false };
  if (target.socketPath !== undefined) {
    return new Pool('http://localhost', { ...options, connect: { socketPath: target.socketPath } });
  }
  if (config.proxy_url !== undefined) {
    return new ProxyAgent({ ...options, uri: config.proxy_url, requestTls: connect });
  }
  if (environmentHasProxy() && !isLoopback(target.origin)) {
    return new EnvHttpProxyAgent({ ...options, connect, requestTls: connect });
  }
  return new Pool(target.origin, { ...options, connect });
}

function environmentHasProxy(): boolean {
  const { env } = process;
  return [env['http_proxy'], env['HTTP_PROXY'], env['https_proxy'], env['HTTPS_PROXY']].some((value) => value);
}
