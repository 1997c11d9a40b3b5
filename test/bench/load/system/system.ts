import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Workload } from '../workload.ts';

/** A program under test. */
export interface System {
  readonly name: 'sluice' | 'collector';
  readonly version: string;
  /** The command that runs a workload. */
  command(workload: Workload, profile?: string): readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether it has a component, such as `processor/filter`. */
  has(component: string): boolean;
}

const root = join(import.meta.dirname, '../../../..');
const configs = join(import.meta.dirname, '../workloads');

/** The bundle where it is newer than all sources; otherwise the sources. `nodeOptions` are for its Node. */
export function sluice(nodeOptions: readonly string[]): System {
  const bundle = join(root, 'dist/cli.js');
  const sources = globSync('{src,plugins}/**/*.ts', { cwd: root }).map((path) => statSync(join(root, path)).mtimeMs);
  const bundled = existsSync(bundle) && statSync(bundle).mtimeMs > Math.max(...sources);
  const program = bundled ? [bundle] : ['--conditions=@sluice/source', join(root, 'src/cli/main.ts')];
  const listed = execFileSync(process.execPath, [...program, 'components', '--json'], { encoding: 'utf8' });
  const components = JSON.parse(listed) as { kind: string; type: string }[];
  const known = new Set(components.map(({ kind, type }) => `${kind}/${type}`));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return {
    name: 'sluice',
    version: `${version} (${commit()}, ${bundled ? 'bundled' : 'from its sources'}), Node ${process.versions.node}`,
    command: (workload, profile) => [
      process.execPath,
      ...nodeOptions,
      ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
      ...program,
      'run',
      '--config',
      join(configs, workload.config),
    ],
    env: { UV_THREADPOOL_SIZE: '1' },
    has: (component) => known.has(component),
  };
}

/** The Collector that `OTELCOL` names; undefined where it is not set. */
export function collector(): System | undefined {
  const path = process.env['OTELCOL'];
  if (path === undefined || path === '') return undefined;
  if (!existsSync(path)) throw new Error(`OTELCOL names ${path}, which is not there`);
  return {
    name: 'collector',
    version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim(),
    command: (workload) => [path, '--config', join(configs, workload.config)],
    env: { GOMAXPROCS: '1' },
    has: () => true,
  };
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
}
