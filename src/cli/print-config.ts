import { printConfig } from '../config/index.ts';
import { check, readSources } from './load.ts';
import { print } from './terminal.ts';

/** `sluice print-config`. Resolves to the exit code. */
export async function printEffective(files: readonly string[], sets: readonly string[]): Promise<number> {
  const configuration = await check(readSources(files, sets));
  if (configuration === undefined) return 1;
  print(printConfig(configuration));
  return 0;
}
