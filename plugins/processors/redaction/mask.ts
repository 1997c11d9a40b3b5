import { createHmac, hash } from 'node:crypto';
import type { Config } from './config.ts';

/** Puts something in the place of a text that must not be seen. */
export type Mask = (text: string) => string;

const algorithms = { md5: 'md5', sha1: 'sha1', sha3: 'sha3-256' } as const;

export function maskOf({ hash_function: name, hmac_key: key }: Pick<Config, 'hash_function' | 'hmac_key'>): Mask {
  if (name === '') return () => '****';
  if (name === 'hmac-sha256' || name === 'hmac-sha512') {
    const algorithm = name.slice('hmac-'.length);
    return (text) =>
      createHmac(algorithm, key?.reveal() ?? '')
        .update(text)
        .digest('hex');
  }
  return (text) => hash(algorithms[name], text, 'hex');
}

/** Masks a whole text, line by line: an empty one, too. */
export function maskAll(text: string, mask: Mask): string {
  return text.split('\n').map(mask).join('\n');
}

/** Masks what matches. An empty match right behind another is none. */
export function maskMatches(text: string, pattern: RegExp, mask: Mask): string {
  let result = '';
  let end = -1;
  let copied = 0;
  for (const match of text.matchAll(pattern)) {
    const [found] = match;
    if (found === '' && match.index === end) continue;
    end = match.index + found.length;
    result += text.slice(copied, match.index) + mask(found);
    copied = end;
  }
  return end < 0 ? text : result + text.slice(copied);
}
