import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { distribution } from '../../plugins/index.ts';
import { createRegistry, fieldsWithoutDescription, jsonSchema, serviceSchema } from '../../src/config/index.ts';
import { root, sources } from './source-files.ts';

describe('every built-in component', () => {
  it.each(distribution.map((definition) => [`${definition.kind} ${definition.type}`, definition] as const))(
    'describes each option: %s',
    (_name, { config }) => {
      expect(fieldsWithoutDescription(config)).toEqual([]);
    },
  );

  it.each(distribution.map((definition) => [`${definition.kind} ${definition.type}`, definition] as const))(
    'says in one sentence what it does: %s',
    (_name, { summary, type }) => {
      expect(summary).toMatch(/^[A-Z].{10,140}\.$/s);
      expect(type).toMatch(/^[a-z][a-z0-9_]*$/);
    },
  );

  it('lies in the folder of its kind and type, with a test beside it', () => {
    const paths = new Set(sources.map(({ path }) => path));
    const missing = distribution.flatMap(({ kind, type }) => {
      const folder = `plugins/${kind}s/${type}`;
      const tested = [...paths].some((path) => path.startsWith(`${folder}/`) && path.endsWith('.test.ts'));
      return [
        ...(paths.has(`${folder}/index.ts`) ? [] : [`${folder}/index.ts`]),
        ...(tested ? [] : [`a test in ${folder}`]),
      ];
    });
    expect(missing).toEqual([]);
  });

  it('is part of the distribution', () => {
    const folders = sources.flatMap(
      ({ path }) => /^plugins\/([a-z]+)s\/([a-z0-9_]+)\/index\.ts$/.exec(path)?.slice(1, 3).join(' ') ?? [],
    );
    expect(folders.toSorted()).toEqual(distribution.map(({ kind, type }) => `${kind} ${type}`).toSorted());
  });
});

describe('the service section', () => {
  it('describes each option', () => {
    expect(fieldsWithoutDescription(serviceSchema)).toEqual([]);
  });
});

describe('pipelines/schema.json', () => {
  it('is what `sluice schema` prints (npm run schema writes it)', () => {
    const written: unknown = JSON.parse(readFileSync(join(root, 'pipelines/schema.json'), 'utf8'));
    expect(written).toEqual(JSON.parse(JSON.stringify(jsonSchema(createRegistry(distribution)))));
  });
});
