import { hashFault } from './password-hash.ts';

/**
 * The entries of htpasswd text by name; the last of a name counts. Throws an Error that names the line at fault and shows no
 * password.
 */
export function parseHtpasswd(text: string): Map<string, string> {
  const entries = new Map<string, string>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const colon = line.indexOf(':');
    if (colon <= 0) throw new Error(`line ${index + 1}: expected name:password`);
    const entry = line.slice(colon + 1);
    const fault = hashFault(entry);
    if (fault !== undefined) throw new Error(`line ${index + 1}: ${fault}`);
    entries.set(line.slice(0, colon), entry);
  }
  return entries;
}
