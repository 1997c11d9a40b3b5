// node src/wire/kernel/build.ts [--check]: compiles structure.as to generated/structure.ts, or says whether that is up to date.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const here = import.meta.dirname;
const output = join(here, 'generated/structure.ts');
const compiler = join(dirname(createRequire(import.meta.url).resolve('assemblyscript/package.json')), 'bin/asc.js');

const work = mkdtempSync(join(tmpdir(), 'kernel-'));
copyFileSync(join(here, 'structure.as'), join(work, 'structure.ts'));
execFileSync(
  process.execPath,
  [compiler, 'structure.ts', '-o', 'structure.wasm', '-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert'],
  { cwd: work, stdio: 'inherit' },
);
const wasm = readFileSync(join(work, 'structure.wasm')).toString('base64');
rmSync(work, { recursive: true });
const text = `// Made by src/wire/kernel/build.ts from structure.as. Do not edit.\nexport const structureWasm =\n  '${wasm}';\n`;

if (process.argv.includes('--check')) {
  if (readFileSync(output, 'utf8') !== text) {
    console.error('src/wire/kernel/generated/structure.ts is stale: run node src/wire/kernel/build.ts');
    process.exitCode = 1;
  }
} else {
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, text);
}
