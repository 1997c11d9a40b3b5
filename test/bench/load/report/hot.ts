import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds. */
  readonly timeDeltas: readonly number[];
}

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The functions with the most time of their own in the profiles of a directory, as parts of the time that was not idle. */
export function hotFunctions(directory: string, most = 30): string {
  return globSync('*.cpuprofile', { cwd: directory })
    .map((file) => hot(JSON.parse(readFileSync(join(directory, file), 'utf8')) as Profile, most))
    .join('\n\n');
}

function hot({ nodes, samples, timeDeltas }: Profile, most: number): string {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  let busy = 0;
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '?';
    if (name === '(idle)') continue;
    const time = timeDeltas[index] ?? 0;
    busy += time;
    times.set(name, (times.get(name) ?? 0) + time);
  }
  const sorted = [...times].toSorted((a, b) => b[1] - a[1]).slice(0, most);
  const lines = sorted.map(([name, time]) => `${((time / busy) * 100).toFixed(1).padStart(5)} %  ${name}`);
  return [`${(busy / 1e6).toFixed(1)} s not idle`, ...lines].join('\n');
}

function nameOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  const path = url.startsWith('file:') ? fileURLToPath(url).replace(root, '') : url;
  return path === '' ? name : `${name} ${path}:${lineNumber + 1}`;
}
