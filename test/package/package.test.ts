import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../architecture/source-files.ts';

const reachable =
  spawnSync('npm', ['ping', '--fetch-timeout=5000', '--fetch-retries=0'], { encoding: 'utf8' }).status === 0;

const plugin = `
import { defineProcessor, z } from 'sluice/plugin';
import { runProcessor, logsBatch } from 'sluice/testing';
import { start, type Running } from 'sluice';

const mark = defineProcessor({
  type: 'mark',
  summary: 'Marks records.',
  config: z.strictObject({ key: z.string().default('mark').describe('Attribute.') }),
  record(record, { key }) {
    record.attributes.set(key, key.length > 0);
    return record;
  },
});
export default mark;
export const outcome: Promise<readonly string[]> = runProcessor(mark, {}, [logsBatch([{ body: 'a' }])]).then(({ outcomes }) => outcomes.map(String));
export const running = (): Promise<Running> => start('', { plugins: [mark] });
// @ts-expect-error a field that no log record has
export const wrong = defineProcessor({ type: 'wrong', summary: '', config: z.object({}), record: (record) => record.colour });
`;

/** The packed tarball, installed into an empty folder. */
describe.skipIf(!reachable)('the package (needs the npm registry)', { timeout: 120_000 }, () => {
  let folder: string;
  const run = (command: string, ...args: string[]): string =>
    execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-package-'));
    execFileSync(process.execPath, ['build.ts'], { cwd: root });
    const packed = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root, encoding: 'utf8' }),
    ) as [{ filename: string }];
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    run('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', `./${packed[0].filename}`);
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gives the command sluice', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(run('npx', 'sluice', '--version').trim()).toBe(version);
    expect(run('npx', 'sluice', 'validate', '--config', 'node_modules/sluice/pipelines/quickstart.yaml')).toContain(
      'valid, 3 pipelines',
    );
  });

  it('loads a TypeScript plugin that lies beside the configuration', () => {
    writeFileSync(join(folder, 'mark.ts'), plugin);
    const pipeline = `
plugins: ['./mark.ts']
receivers: { nop: }
processors: { mark: }
exporters: { nop: }
service: { pipelines: { logs: { receivers: [nop], processors: [mark], exporters: [nop] } } }`;
    writeFileSync(join(folder, 'pipeline.yaml'), pipeline);
    expect(run('npx', 'sluice', 'validate', '--config', 'pipeline.yaml')).toContain('valid');
  });

  it('has types for sluice/plugin, sluice/testing and sluice', () => {
    writeFileSync(join(folder, 'typed.ts'), plugin);
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2024',
      '--types',
      'node',
      'typed.ts',
    ];
    const { stdout, status } = spawnSync(process.execPath, [compiler, ...options], { cwd: folder, encoding: 'utf8' });
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  });

  it('exports nothing that cannot be imported', () => {
    const report = execFileSync(process.execPath, [join(root, 'node_modules/publint/src/cli.js'), 'run', '--strict'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(report).toContain('All good!');
  });
});
