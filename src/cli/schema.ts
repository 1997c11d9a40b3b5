import { jsonSchema } from '../config/index.ts';
import { registryFor } from './load.ts';
import { print } from './terminal.ts';

/** `sluice schema`. Resolves to the exit code. */
export async function schema(files: readonly string[]): Promise<number> {
  print(`${JSON.stringify(jsonSchema(await registryFor(files)), null, 2)}\n`);
  return 0;
}
