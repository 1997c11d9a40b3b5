import type { Config } from './config.ts';

const paths = { push: '/loki/api/v1/push', otlp: '/otlp/v1/logs' } as const;

/** Where to send. Throws an Error that names the option at fault. */
export function urlOf({ endpoint, mode, tls }: Config): string {
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(endpoint)
    ? endpoint
    : `${tls.insecure ? 'http' : 'https'}://${endpoint}`;
  const base = withScheme.replace(/\/+$/, '');
  const separator = base.startsWith('unix:') && !base.slice('unix:'.length).includes(':') ? ':' : '';
  const url = base.endsWith(paths[mode]) ? base : `${base}${separator}${paths[mode]}`;
  if (/^(?:https?|unix):/i.test(url) && URL.canParse(url)) return url;
  throw new Error(
    `endpoint: expected https://host:port, http://host:port, host:port or unix:///path, found "${endpoint.replace(/\/\/[^/@]*@/, '//')}"`,
  );
}
