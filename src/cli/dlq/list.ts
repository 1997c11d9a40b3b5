import { join } from 'node:path';
import { letterFiles } from '../../engine/index.ts';
import { print } from '../terminal.ts';
import { folderOf, type FolderOptions } from './folder.ts';
import { linesOf } from './letters.ts';
import { tableOf } from './table.ts';

/** `sluice dlq list`. Resolves to the exit code. */
export async function list(options: FolderOptions): Promise<number> {
  const folder = await folderOf(options);
  const names = await letterFiles(folder);
  if (names.length === 0) {
    print(`no dead letters in ${folder}\n`);
    return 0;
  }
  const rows: string[][] = [['FILE', 'LETTERS', 'RECORDS', 'FIRST', 'LAST', 'COMPONENTS', 'REASONS']];
  for (const name of names) rows.push(await summary(folder, name));
  print(tableOf(rows));
  return 0;
}

async function summary(folder: string, name: string): Promise<string[]> {
  let [letters, records, unreadable] = [0, 0, 0];
  let first = '';
  let last = '';
  const components = new Map<string, number>();
  const reasons = new Map<string, number>();
  for await (const { parsed } of linesOf(join(folder, name))) {
    if (parsed === undefined) {
      unreadable += 1;
      continue;
    }
    const { time, component, reason, count } = parsed.letter;
    letters += 1;
    records += count;
    if (first === '' || time < first) first = time;
    if (time > last) last = time;
    components.set(component, (components.get(component) ?? 0) + count);
    reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  }
  const letterCell = unreadable === 0 ? String(letters) : `${letters} (+${unreadable} unreadable)`;
  return [name, letterCell, String(records), first, last, commonest(components), commonest(reasons)];
}

const shown = 3;
const longest = 60;

/** The most frequent, in that order. */
function commonest(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
  const more = sorted.length > shown ? `; ${sorted.length - shown} more` : '';
  const names = sorted.slice(0, shown).map((name) => (name.length > longest ? `${name.slice(0, longest - 1)}…` : name));
  return names.join('; ') + more;
}
