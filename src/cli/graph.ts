import { graphAsMermaid, graphAsText, plan } from '../engine/index.ts';
import { check, readSources } from './load.ts';
import { print } from './terminal.ts';

/** `sluice graph`. Resolves to the exit code. */
export async function graph(
  files: readonly string[],
  sets: readonly string[],
  format: 'text' | 'mermaid',
): Promise<number> {
  const configuration = await check(readSources(files, sets));
  if (configuration === undefined) return 1;
  print(format === 'mermaid' ? graphAsMermaid(plan(configuration)) : graphAsText(plan(configuration)));
  return 0;
}
