import type { Meta } from 'sluice/plugin';

/** The values of some request headers as one text, which is the same only where all values are. */
export function metadataKey(keys: readonly string[]): (meta: Meta) => string {
  const names = keys.map((name) => name.toLowerCase());
  if (names.length === 0) return () => '';
  return ({ headers }) => JSON.stringify(names.map((name) => headers?.get(name) ?? []));
}

/** Says whether a key is one of the first `limit` different ones. A limit of 0 admits all. */
export function cardinalityLimit(limit: number): (key: string) => boolean {
  const known = new Set<string>();
  return (key) => {
    if (limit === 0 || known.has(key)) return true;
    if (known.size >= limit) return false;
    known.add(key);
    return true;
  };
}
