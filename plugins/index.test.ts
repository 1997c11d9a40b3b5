import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { distribution } from './index.ts';

test('every plugin folder is in the distribution, under the name of its type', () => {
  const folders = globSync('*/*/index.ts', { cwd: import.meta.dirname }).map((path) => path.replace('/index.ts', ''));
  expect(distribution.map(({ kind, type }) => `${kind}s/${type}`).sort()).toEqual(folders.sort());
});

test('no two components of a kind share a name', () => {
  const names = distribution.flatMap(({ kind, type, aliases }) => [type, ...aliases].map((name) => `${kind}/${name}`));
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});
