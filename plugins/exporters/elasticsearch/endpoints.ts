import type { Config } from './config.ts';

const path = '/_bulk?filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason';

/** The URLs of the bulk API, one for each node. Throws an Error that names the option at fault. */
export function bulkUrls(config: Pick<Config, 'endpoint' | 'endpoints' | 'cloudid' | 'pipeline'>): string[] {
  const { endpoint, endpoints, cloudid, pipeline } = config;
  const suffix = path + (pipeline === undefined ? '' : `&pipeline=${encodeURIComponent(pipeline)}`);
  if (cloudid !== undefined) return [cloudUrl(cloudid) + suffix];
  if (endpoint !== undefined) return [checked('endpoint', endpoint) + suffix];
  return (endpoints ?? []).map((url, i) => checked(`endpoints[${i}]`, url) + suffix);
}

function checked(option: string, url: string): string {
  if (/^https?:\/\//i.test(url) && URL.canParse(url) && !/[?#]/.test(url)) return url.replace(/\/+$/, '');
  throw new Error(
    `${option}: expected https://host:9200 or http://host:9200, found "${url.replace(/\/\/[^/@]*@/, '//')}"`,
  );
}

/** `name:` and, in base64, `domain$deployment` with the domain's port behind it or not. */
function cloudUrl(id: string): string {
  const [domain = '', deployment = ''] = Buffer.from(id.slice(id.indexOf(':') + 1), 'base64')
    .toString()
    .split('$');
  const url = `https://${deployment}.${domain}`;
  if (!id.includes(':') || domain === '' || deployment === '' || !URL.canParse(url))
    throw new Error(`cloudid: expected the Cloud ID of a deployment, found "${id}"`);
  return url;
}
