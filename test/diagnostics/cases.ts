import { existsSync, readdirSync, readFileSync } from 'node:fs';
import {
  formatDiagnostics,
  loadConfig,
  type ConfigSource,
  type Diagnostic,
  type Environment,
} from '../../src/config/index.ts';
import { registry } from './registry.ts';

const directory = new URL('./', import.meta.url);

/** A mistake: `NAME.yaml`, perhaps `NAME.overlay.yaml` on top of it, and what is said about it in `NAME.golden`. */
export interface Case {
  readonly name: string;
  readonly sources: readonly ConfigSource[];
  readonly environment: Environment;
  readonly golden: URL;
}

/** Every case of the folder. Comments `# env: A=b`, `# file: /path=content` and `# set: a.b=c` in the YAML prepare it. */
export function readCases(): Case[] {
  const names = readdirSync(directory).filter((name) => name.endsWith('.yaml') && !name.endsWith('.overlay.yaml'));
  return names.sort().map((file) => {
    const name = file.slice(0, -'.yaml'.length);
    const text = readFileSync(new URL(file, directory), 'utf8');
    const overlay = `${name}.overlay.yaml`;
    const files = [file, ...(existsSync(new URL(overlay, directory)) ? [overlay] : [])];
    const sources = files.map((one) => ({ name: one, text: readFileSync(new URL(one, directory), 'utf8') }));
    const sets = directives(text, 'set').map((set) => ({ set }));
    return {
      name,
      sources: [...sources, ...sets],
      environment: environmentOf(text),
      golden: new URL(`${name}.golden`, directory),
    };
  });
}

export function goldenNames(): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.golden'))
    .map((name) => name.slice(0, -'.golden'.length))
    .sort();
}

export function diagnose({ sources, environment }: Case): { text: string; diagnostics: readonly Diagnostic[] } {
  const { diagnostics } = loadConfig(sources, registry, environment);
  return { text: formatDiagnostics(diagnostics, sources), diagnostics };
}

function directives(text: string, kind: string): string[] {
  return [...text.matchAll(new RegExp(`^# ${kind}: (.*)$`, 'gm'))].map((match) => match[1] ?? '');
}

function environmentOf(text: string): Environment {
  const pairs = (kind: string): Map<string, string> =>
    new Map(
      directives(text, kind).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
  const files = pairs('file');
  return {
    env: Object.fromEntries(pairs('env')),
    readFile: (path) => {
      const content = files.get(path);
      if (content === undefined) throw new Error('ENOENT: no such file or directory');
      return content;
    },
  };
}
