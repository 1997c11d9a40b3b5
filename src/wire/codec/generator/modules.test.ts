import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedModules } from './modules.ts';

test.each([...generatedModules()])('the committed %s is what the schema table says', (name, wanted) => {
  expect(readFileSync(new URL(`../generated/${name}`, import.meta.url), 'utf8')).toBe(wanted);
});
