import { describe, expect, it } from 'vitest';
import { distribution } from '../../plugins/index.ts';
import { product, sources, target, type SourceFile } from './source-files.ts';

/** Which parts of `src` each part may import beside itself: the arrows of the design. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  wire: [],
  flow: ['wire'],
  ottl: ['wire', 'flow'],
  plugin: ['wire', 'flow', 'ottl'],
  transport: ['wire', 'flow', 'plugin'],
  config: ['wire', 'flow', 'plugin', 'transport', 'ottl'],
  engine: ['wire', 'flow', 'plugin', 'transport', 'ottl', 'config'],
  testing: ['wire', 'flow', 'plugin', 'transport', 'ottl', 'config', 'engine'],
  cli: ['wire', 'flow', 'plugin', 'transport', 'ottl', 'config', 'engine'],
  ui: ['wire', 'flow', 'plugin', 'transport', 'ottl', 'config', 'engine'],
  'index.ts': ['wire', 'flow', 'plugin', 'transport', 'ottl', 'config', 'engine'],
};

/** Who puts the built-in components together with the engine. */
const assemblers = ['src/cli/load.ts', 'src/index.ts'];

function partOf(path: string): string | undefined {
  return /^src\/([^/]+)/.exec(path)?.[1];
}

function edges(
  files: readonly SourceFile[],
): { readonly from: string; readonly specifier: string; readonly to: string | undefined }[] {
  return files.flatMap((file) =>
    file.imports.map((specifier) => ({ from: file.path, specifier, to: target(file, specifier) })),
  );
}

describe('imports', () => {
  it('are found at all', () => {
    expect(edges(product).length).toBeGreaterThan(500);
    expect(edges(product)).toContainEqual({
      from: 'src/index.ts',
      specifier: './engine/index.ts',
      to: 'src/engine/index.ts',
    });
  });

  it('go one way between the parts of src', () => {
    const wrong = edges(product).filter(({ from, to }) => {
      const [part, other] = [partOf(from), to === undefined ? undefined : partOf(to)];
      return part !== undefined && other !== undefined && part !== other && !(allowed[part] ?? []).includes(other);
    });
    expect(wrong).toEqual([]);
  });

  it('know every part of src', () => {
    const parts = new Set(product.map(({ path }) => partOf(path)).filter((part) => part !== undefined));
    expect([...parts].filter((part) => !(part in allowed))).toEqual([]);
  });

  it('enter another part of src by its index only, or by a module that the index is made of', () => {
    const deep = edges(product).filter(({ from, to }) => {
      if (to === undefined || partOf(from) === undefined || partOf(from) === partOf(to)) return false;
      return to.split('/').length > 4;
    });
    expect(deep).toEqual([]);
  });

  it('lead from src to the built-in components in the assemblers only', () => {
    const wrong = edges(product).filter(
      ({ from, to }) => from.startsWith('src/') && to?.startsWith('plugins/') === true && !assemblers.includes(from),
    );
    expect(wrong).toEqual([]);
  });

  it('of a plugin name sluice/plugin, packages and its own kind, and nothing else of ours', () => {
    const plugins = product.filter(({ path }) => path.startsWith('plugins/') && path !== 'plugins/index.ts');
    const wrong = edges(plugins).filter(({ from, specifier, to }) => {
      if (to !== undefined) return !to.startsWith(`${from.split('/').slice(0, 2).join('/')}/`);
      return /^sluice(?:\/|$)/.test(specifier) && specifier !== 'sluice/plugin';
    });
    expect(wrong).toEqual([]);
  });

  it('of the tests of a plugin go through the public doors, too', () => {
    const tests = sources.filter(({ path }) => path.startsWith('plugins/') && path.endsWith('.test.ts'));
    const wrong = edges(tests).filter(({ from, specifier, to }) => {
      if (to !== undefined) return !to.startsWith('plugins/') && !to.startsWith('test/');
      return (
        /^sluice(?:\/|$)/.test(specifier) &&
        !['sluice', 'sluice/plugin', 'sluice/testing'].includes(specifier) &&
        from !== ''
      );
    });
    expect(wrong).toEqual([]);
  });
});

/** Types of components that are words of the engine, too: a level of the log, and an option of queues. */
const homonyms = new Set(['debug', 'batch']);

describe('the engine', () => {
  it('names no concrete component', () => {
    const types = distribution.map(({ type }) => type).filter((type) => !homonyms.has(type));
    const found = product
      .filter(({ path }) => path.startsWith('src/engine/'))
      .flatMap(({ path, text }) =>
        types.filter((type) => text.includes(`'${type}'`)).map((type) => `${path}: ${type}`),
      );
    expect(found).toEqual([]);
  });
});
