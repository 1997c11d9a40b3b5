import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith, root, sluice, type Result } from './program.ts';

const marker = (type: string): string => `
import { defineProcessor, z } from 'sluice/plugin';
interface Options { readonly key: string }
export default defineProcessor({
  type: '${type}',
  summary: 'Marks records, for a test.',
  config: z.strictObject({ key: z.string().default('mark').describe('Attribute.') }),
  record(record, { key }: Options) {
    record.attributes.set(key, true);
    return record;
  },
});
`;

function pipeline(plugin: string, processor = 'mark'): string {
  return `
plugins: ['${plugin}']
receivers: { nop: }
processors: { ${processor}: }
exporters: { nop: }
service: { pipelines: { logs: { receivers: [nop], processors: [${processor}], exporters: [nop] } } }
`;
}

async function validate(folder: string): Promise<Result> {
  return sluice('validate', '-c', join(folder, 'pipeline.yaml'));
}

describe('a plugin', () => {
  it('is a TypeScript file beside the configuration, without a build step or packages around it', async () => {
    const { code, stderr } = await validate(
      folderWith({ 'pipeline.yaml': pipeline('./mark.ts'), 'mark.ts': marker('mark') }),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('may use rxjs and zod where it has none of its own', async () => {
    const text = `import { tap } from 'rxjs';\nimport { z as own } from 'zod';\nvoid [tap, own];\n${marker('mark')}`;
    expect((await validate(folderWith({ 'pipeline.yaml': pipeline('./mark.ts'), 'mark.ts': text }))).code).toBe(0);
  });

  it('is a package, found from the folder of the configuration', async () => {
    const folder = folderWith({ 'pipeline.yaml': pipeline('@acme/mark') });
    const home = join(folder, 'node_modules/@acme/mark');
    mkdirSync(home, { recursive: true });
    writeFileSync(
      join(home, 'package.json'),
      '{ "name": "@acme/mark", "type": "module", "exports": { "import": "./index.js" } }',
    );
    writeFileSync(join(home, 'index.js'), marker('mark').replace(/interface .*|: Options/g, ''));
    expect(await validate(folder)).toMatchObject({ code: 0, stderr: '' });
  });

  it('is the example, by the name of its package', async () => {
    const { code } = await sluice('validate', '-c', join(root, 'examples/custom-processor/pipeline.yaml'));
    expect(code).toBe(0);
  });
});

describe('a plugin that cannot be loaded', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['is not there', '', /cannot load the plugin "\.\/mark\.ts": there is no file .*mark\.ts/],
    ['throws', `throw new TypeError('no good');`, /mark\.ts:1:\d+: TypeError: no good/],
    ['has a mistake in its syntax', 'export default {\n  a b\n};', /mark\.ts:2/],
    ['has an enum', 'enum A { B }\nexport default A;', /types are stripped, not compiled/],
    ['imports what is not there', `import 'left-pad-9';\nexport default 1;`, /Cannot find package 'left-pad-9'/],
    ['exports nothing', 'export const a = 1;', /has no default export/],
    ['exports something else', 'export default 5;', /is a number, not a component/],
    ['has no type', 'export default { kind: "processor" };', /has the type undefined/],
    ['has the type of a built-in', marker('batch'), /there already is a processor "batch"/],
  ];
  it.each(cases)('says where and why: it %s', async (_what, text, reason) => {
    const folder = folderWith({ 'pipeline.yaml': pipeline('./mark.ts'), ...(text !== '' && { 'mark.ts': text }) });
    const { code, stderr } = await validate(folder);
    expect(code).toBe(1);
    expect(stderr).toContain(`${folder}/pipeline.yaml:2:11: error:`);
    expect(stderr).toMatch(reason);
    expect(stderr).not.toContain('there is no processor');
  });

  it('lies where everybody may write', async () => {
    const folder = folderWith({ 'pipeline.yaml': pipeline('./mark.ts'), 'mark.ts': marker('mark') });
    chmodSync(folder, 0o777);
    const { code, stderr } = await validate(folder);
    expect(code).toBe(1);
    expect(stderr).toContain('everybody may write to');
  });

  it('is TypeScript below node_modules', async () => {
    const folder = folderWith({ 'pipeline.yaml': pipeline('mark') });
    mkdirSync(join(folder, 'node_modules/mark'), { recursive: true });
    writeFileSync(
      join(folder, 'node_modules/mark/package.json'),
      '{ "name": "mark", "type": "module", "exports": "./mark.ts" }',
    );
    writeFileSync(join(folder, 'node_modules/mark/mark.ts'), marker('mark'));
    const { code, stderr } = await validate(folder);
    expect(code).toBe(1);
    expect(stderr).toContain('Node runs no TypeScript below node_modules');
  });
});
