// node src/wire/kernel/build.ts [--check]: compiles the kernels to generated/*.ts, or says whether these are up to date.
import { execFileSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** What each kernel starts from, and the name of its bytes. */
const kernels = { 'structure.as': 'structureWasm', 'json/to-wire.as': 'toWireWasm' };

const here = import.meta.dirname;
const compiler = join(dirname(createRequire(import.meta.url).resolve('assemblyscript/package.json')), 'bin/asc.js');
const options = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert'];

const work = mkdtempSync(join(tmpdir(), 'kernel-'));
for (const path of globSync('**/*.as', { cwd: here })) {
  mkdirSync(dirname(join(work, path)), { recursive: true });
  copyFileSync(join(here, path), join(work, asScript(path)));
}
for (const [path, name] of Object.entries(kernels)) {
  execFileSync(process.execPath, [compiler, asScript(path), '-o', 'kernel.wasm', ...options], {
    cwd: work,
    stdio: 'inherit',
  });
  const wasm = readFileSync(join(work, 'kernel.wasm')).toString('base64');
  const text = `// Made by src/wire/kernel/build.ts from ${path}. Do not edit.\nexport const ${name} =\n  '${wasm}';\n`;
  write(`generated/${basename(asScript(path))}`, text);
}
rmSync(work, { recursive: true });

function asScript(path: string): string {
  return path.replace(/\.as$/, '.ts');
}

function write(path: string, text: string): void {
  const output = join(here, path);
  if (process.argv.includes('--check')) {
    if (readFileSync(output, 'utf8') !== text) {
      console.error(`src/wire/kernel/${path} is stale: run node src/wire/kernel/build.ts`);
      process.exitCode = 1;
    }
  } else {
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, text);
  }
}
