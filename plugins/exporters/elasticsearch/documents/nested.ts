import type { JsonObject } from '../../plain-json.ts';

type Level = Map<string, string | Level>;

/**
 * An object whose dotted names are taken apart: `a.b` and `a.c` become one object `a`. Where `a` has a value of its own
 * besides, that is `a.value`.
 */
export function nested(members: JsonObject): string {
  const root: Level = new Map();
  for (const [name, json] of members) place(root, name.split('.'), json);
  return textOf(root);
}

function place(root: Level, path: readonly string[], json: string): void {
  let level = root;
  for (const name of path.slice(0, -1)) {
    const found = level.get(name);
    const next: Level = found instanceof Map ? found : new Map(found === undefined ? [] : [['value', found]]);
    level.set(name, next);
    level = next;
  }
  const last = path.at(-1) as string;
  const found = level.get(last);
  if (found instanceof Map) place(found, ['value'], json);
  else level.set(last, json);
}

function textOf(level: Level): string {
  const members = [...level].map(
    ([name, value]) => `${JSON.stringify(name)}:${typeof value === 'string' ? value : textOf(value)}`,
  );
  return `{${members.join()}}`;
}
