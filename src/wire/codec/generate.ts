/**
 * Writes the record classes and their coders from the schema table: `node src/wire/codec/generate.ts`.
 * With `--check` it writes nothing, and exits 1 where a file is not what the schema says.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { generatedModules } from './generator/modules.ts';

const check = process.argv.includes('--check');
for (const [name, wanted] of generatedModules()) {
  const path = new URL(`generated/${name}`, import.meta.url);
  if (!check) writeFileSync(path, wanted);
  else if (readFileSync(path, 'utf8') !== wanted) {
    console.error(`generated/${name} is stale: run node src/wire/codec/generate.ts`);
    process.exitCode = 1;
  }
}
