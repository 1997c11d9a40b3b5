import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, sources } from './source-files.ts';

const topLevel = [
  '.ci',
  '.git',
  '.gitignore',
  '.npmrc',
  '.oxlintrc.json',
  '.prettierignore',
  '.prettierrc.json',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'build.ts',
  'coverage',
  'dist',
  'docs',
  'examples',
  'knip.json',
  'node_modules',
  'out',
  'package-lock.json',
  'package.json',
  'pipelines',
  'plugins',
  'src',
  'test',
  'tsconfig.build.json',
  'tsconfig.json',
  'vitest.config.ts',
];

/** Lines of the longest file that reads in one go. */
const longest = 350;

describe('files', () => {
  it('at the top are the few that are agreed on', () => {
    const odd = readdirSync(root).filter((name) => !topLevel.includes(name) && !/^\.vitest-report|\.tgz$/.test(name));
    expect(odd).toEqual([]);
  });

  it('have names in kebab-case', () => {
    const odd = sources
      .map(({ path }) => path)
      .filter((path) => !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z-]+){0,2}\.ts$/.test(basename(path)));
    expect(odd).toEqual([]);
  });

  it('are in folders that say what is in them', () => {
    const vague = /\/(?:utils?|common|misc|helpers?|lib|shared)(?:\/|\.ts$)/;
    expect(sources.map(({ path }) => path).filter((path) => vague.test(path))).toEqual([]);
  });

  it(`have at most ${longest} lines`, () => {
    const long = sources
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > longest);
    expect(long).toEqual([]);
  });

  it('have a median of at most 80 lines', () => {
    const product = sources
      .filter(({ path }) => !path.includes('.test'))
      .map(({ text }) => text.split('\n').length - 1);
    const sorted = product.toSorted((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(80);
  });

  it('of tests lie beside what they test, or in test/', () => {
    const paths = new Set(sources.map(({ path }) => path));
    const alone = [...paths]
      .filter((path) => /^(?:src|plugins)\/.*\.test\.ts$/.test(path))
      .filter((path) => !hasNeighbour(path, paths));
    expect(alone).toEqual([]);
  });
});

/** A test without a file of its name tests its whole folder, which then has other files. */
function hasNeighbour(test: string, paths: ReadonlySet<string>): boolean {
  return (
    paths.has(test.replace(/\.test\.ts$/, '.ts')) ||
    [...paths].some((path) => dirname(path) === dirname(test) && !path.endsWith('.test.ts'))
  );
}
