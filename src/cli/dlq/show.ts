import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { print } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { folderOf, type FolderOptions } from './folder.ts';
import { linesOf } from './letters.ts';
import { oneLine } from './table.ts';

export interface ShowOptions extends FolderOptions {
  readonly limit: number;
}

/** `sluice dlq show`: facts of each letter and its request, as indented JSON. Resolves to the exit code. */
export async function show(file: string, options: ShowOptions): Promise<number> {
  const path = await pathOf(file, options);
  let seen = 0;
  for await (const { parsed } of linesOf(path)) {
    if (seen === options.limit) {
      print(`… and more; --limit shows more than ${options.limit}\n`);
      break;
    }
    seen += 1;
    if (parsed === undefined) {
      print(`(a line that is no letter; a crash may have cut it short)\n\n`);
      continue;
    }
    const { time, component, reason, signal, count } = parsed.letter;
    print(`${time}  ${oneLine(component)}  ${count} ${signal}  ${oneLine(reason)}\n`);
    print(`${JSON.stringify(JSON.parse(parsed.request), undefined, 2)}\n\n`);
  }
  return 0;
}

/** A file as it is named, or in the folder. */
async function pathOf(file: string, options: FolderOptions): Promise<string> {
  if (options.directory !== undefined || options.config !== undefined) {
    const inFolder = join(await folderOf(options), file);
    if (existsSync(inFolder)) return inFolder;
  }
  if (existsSync(file)) return file;
  throw new UsageError(`there is no dead-letter file ${file}`);
}
