// node src/wire/kernel/build.ts [--check] [PART OF A NAME…]: compiles each *.kernel.as, written in AssemblyScript, to
// generated/*.ts beside it, or says whether these are up to date.
import { execFileSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const compiler = join(dirname(createRequire(import.meta.url).resolve('assemblyscript/package.json')), 'bin/asc.js');
const options = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert'];
const parts = process.argv.slice(2).filter((argument) => argument !== '--check');

const work = mkdtempSync(join(tmpdir(), 'kernel-'));
const sources = globSync('{src,plugins}/**/*.as', { cwd: root });
for (const path of sources) {
  mkdirSync(dirname(join(work, path)), { recursive: true });
  copyFileSync(join(root, path), join(work, asScript(path)));
}
for (const path of sources.filter((name) => name.endsWith('.kernel.as'))) {
  if (parts.length > 0 && !parts.some((part) => path.includes(part))) continue;
  execFileSync(process.execPath, [compiler, asScript(path), '-o', 'kernel.wasm', ...options], {
    cwd: work,
    stdio: 'inherit',
  });
  const name = basename(path, '.kernel.as');
  const wasm = readFileSync(join(work, 'kernel.wasm')).toString('base64');
  const text = `// Made by src/wire/kernel/build.ts from ${basename(path)}. Do not edit.\nexport const ${camel(name)}Wasm =\n  '${wasm}';\n`;
  write(join(dirname(path), 'generated', `${name}.ts`), text);
}
rmSync(work, { recursive: true });

function asScript(path: string): string {
  return path.replace(/\.as$/, '.ts');
}

function camel(name: string): string {
  return name.replace(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
}

function write(path: string, text: string): void {
  const output = join(root, path);
  if (process.argv.includes('--check')) {
    if (readFileSync(output, 'utf8') !== text) {
      console.error(`${path} is stale: run node src/wire/kernel/build.ts`);
      process.exitCode = 1;
    }
  } else {
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, text);
  }
}
