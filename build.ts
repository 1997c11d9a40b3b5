/** Makes `dist/`: the program and the library as bundles, the declarations beside them. `node build.ts` */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

const root = import.meta.dirname;
const dist = join(root, 'dist');

/** Large, and loaded only when something asks for them: they stay packages. */
const external = ['@aws-sdk/*', '@grpc/grpc-js', '@opentelemetry/*', 'vitest'];

/** Packages whose "node" entry is CommonJS, though an ES module of the same code lies beside it: less to evaluate. */
const alias = {
  rxjs: join(root, 'node_modules/rxjs/dist/esm/index.js'),
  yaml: join(root, 'node_modules/yaml/browser/dist/index.js'),
};

/**
 * An `import` of a module of Node reads all its properties, and some of those load large parts of Node that nobody asked
 * for: node:http loads the whole of `fetch`, 12 MB and 60 ms. The modules themselves are handed over instead.
 */
const plainBuiltins: Plugin = {
  name: 'plain-builtins',
  setup(bundler) {
    const known = new Set(builtinModules);
    bundler.onResolve({ filter: /^(?:node:)?[a-z_0-9/]+$/ }, ({ path }) => {
      const name = path.replace(/^node:/, '');
      return known.has(name) ? { path: `node:${name}`, namespace: 'builtin' } : undefined;
    });
    bundler.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = globalThis.process.getBuiltinModule('${path}')`,
    }));
  },
};

/** Messages of zod in forty languages; ours has its own. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup(bundler) {
    bundler.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, ({ path }) => ({
      contents: "export { default as en } from './en.js';",
      resolveDir: dirname(path),
    }));
  },
};

async function bundle(): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: {
      cli: 'src/cli/main.ts',
      index: 'src/index.ts',
      plugin: 'src/plugin/index.ts',
      testing: 'src/testing/index.ts',
    },
    outdir: dist,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    conditions: ['@sluice/source'],
    external,
    alias,
    plugins: [plainBuiltins, oneLanguage],
    // Names stay as they are, so that a stack trace says something.
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    // CommonJS packages in the bundle ask for Node's modules with require().
    banner: { js: "const require=globalThis.process.getBuiltinModule('node:module').createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  chmodSync(join(dist, 'cli.js'), 0o755);
  return metafile;
}

/** The licences of the packages whose code is in the bundles. */
function notices({ inputs }: Metafile): void {
  const folders = new Set(
    Object.keys(inputs).flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  );
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Record<
      string,
      string
    >;
    const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license', 'LICENCE']
      .map((one) => join(root, folder, one))
      .find(existsSync);
    const text = file === undefined ? `Licence: ${license}` : readFileSync(file, 'utf8').trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), texts.join(`\n${'-'.repeat(80)}\n\n`));
}

/** Emits declarations and keeps those that a user of the package can reach. */
function declarations(): void {
  const all = mkdtempSync(join(tmpdir(), 'sluice-types-'));
  try {
    execFileSync(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', all],
      { cwd: root, stdio: 'inherit' },
    );
    const entries = ['src/index.d.ts', 'src/plugin/index.d.ts', 'src/testing/index.d.ts'].map((path) =>
      join(all, path),
    );
    const reachable = new Set(entries);
    for (const path of reachable) {
      const text = readFileSync(path, 'utf8');
      for (const [, specifier] of text.matchAll(/(?:from |import\()'(\.{1,2}\/[^']+)\.ts'/g))
        reachable.add(join(dirname(path), `${specifier}.d.ts`));
      const target = join(dist, 'types', relative(all, path));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text.replace(/((?:from |import\()'\.{1,2}\/[^']+)\.ts'/g, "$1.js'"));
    }
  } finally {
    rmSync(all, { recursive: true });
  }
}

rmSync(dist, { recursive: true, force: true });
notices(await bundle());
declarations();
