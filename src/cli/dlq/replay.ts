import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { letterFiles } from '../../engine/index.ts';
import { complain, print } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { claim, Remainder } from './claim.ts';
import { deliver, type Destination } from './deliver.ts';
import { folderOf, type FolderOptions } from './folder.ts';
import { linesOf } from './letters.ts';
import { oneLine } from './table.ts';

export interface ReplayOptions extends FolderOptions {
  readonly to: string;
  readonly header?: readonly string[];
}

interface Totals {
  letters: number;
  records: number;
  kept: number;
  /** No more is sent once the destination is away. */
  away: boolean;
}

/** `sluice dlq replay`. Resolves to the exit code: 1 where a letter stayed. */
export async function replay(files: readonly string[], options: ReplayOptions): Promise<number> {
  const to = destinationOf(options);
  const totals: Totals = { letters: 0, records: 0, kept: 0, away: false };
  for (const path of await pathsOf(files, options)) {
    if (!totals.away) await replayFile(path, to, totals);
    else totals.kept += await count(path);
  }
  const { letters, records, kept } = totals;
  print(`${letters} letters with ${records} records delivered to ${to.endpoint}, ${kept} kept\n`);
  return kept > 0 ? 1 : 0;
}

async function replayFile(path: string, to: Destination, totals: Totals): Promise<void> {
  const claimed = await claim(path);
  if (claimed === undefined) return;
  const remainder = new Remainder(claimed);
  for await (const { text, parsed } of linesOf(claimed)) {
    if (parsed === undefined) {
      complain(`${basename(claimed)}: a line that is no letter is kept\n`);
    } else if (!totals.away) {
      const { signal, count: records } = parsed.letter;
      const failure = await deliver(to, signal, parsed.request);
      if (failure === undefined) {
        totals.letters += 1;
        totals.records += records;
        continue;
      }
      totals.away = failure.away;
      complain(`${basename(claimed)}: ${records} ${signal} not delivered: ${oneLine(failure.reason)}\n`);
    }
    totals.kept += 1;
    await remainder.keep(text);
  }
  await remainder.settle();
}

async function count(path: string): Promise<number> {
  return (await Array.fromAsync(linesOf(path), () => 1)).length;
}

async function pathsOf(files: readonly string[], options: FolderOptions): Promise<string[]> {
  if (files.length === 0) {
    const folder = await folderOf(options);
    return (await letterFiles(folder)).map((name) => join(folder, name));
  }
  const folder = options.directory === undefined && options.config === undefined ? '' : await folderOf(options);
  return files.map((file) => {
    const path = [join(folder, file), file].find((candidate) => existsSync(candidate));
    if (path === undefined) throw new UsageError(`there is no dead-letter file ${file}`);
    return path;
  });
}

function destinationOf({ to, header = [] }: ReplayOptions): Destination {
  const { protocol } = URL.parse(to) ?? {};
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new UsageError(`--to: expected http://host:port, found "${to}"`);
  const headers = header.map((text): [string, string] => {
    const [, name, value] = /^([\w-]+)\s*[:=]\s*(.*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw new UsageError(`--header: expected "name: value", found "${text}"`);
    return [name.toLowerCase(), value];
  });
  return { endpoint: to, headers: Object.fromEntries(headers) };
}
