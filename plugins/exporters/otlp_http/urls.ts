import type { Signal } from 'sluice/plugin';
import type { Config } from './config.ts';

/** The URL of each signal that has one. Throws an Error that names the option at fault. */
export function urlsOf(
  config: Pick<Config, 'endpoint' | 'tls' | `${Signal}_endpoint`>,
): Readonly<Partial<Record<Signal, string>>> {
  const { endpoint } = config;
  const urls: Partial<Record<Signal, string>> = {};
  for (const signal of ['logs', 'traces', 'metrics'] as const) {
    const own = config[`${signal}_endpoint`];
    if (own !== undefined) urls[signal] = checked(`${signal}_endpoint`, withScheme(own, config.tls.insecure));
    else if (endpoint !== undefined)
      urls[signal] = checked('endpoint', joined(withScheme(endpoint, config.tls.insecure), signal));
  }
  return urls;
}

function withScheme(endpoint: string, insecure: boolean): string {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(endpoint)) return endpoint;
  return `${insecure ? 'http' : 'https'}://${endpoint}`;
}

function joined(endpoint: string, signal: Signal): string {
  const separator = endpoint.startsWith('unix:') && !endpoint.slice('unix:'.length).includes(':') ? ':' : '';
  return `${endpoint.replace(/\/+$/, '')}${separator}/v1/${signal}`;
}

function checked(option: string, url: string): string {
  const scheme = /^(?:https?|unix):/i.test(url);
  if (scheme && URL.canParse(url)) return url;
  throw new Error(
    `${option}: expected https://host:port, http://host:port, host:port or unix:///path, found "${url.replace(/\/\/[^/@]*@/, '//')}"`,
  );
}
