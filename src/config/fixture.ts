import { Report, type Diagnostic } from './diagnostic.ts';
import type { Environment } from './interpolate.ts';
import type { Node } from './node.ts';
import { parseYaml } from './parse.ts';
import type { ConfigSource } from './source.ts';

/** Surroundings with these variables and files, and nothing else. */
export function surroundings(env: Record<string, string> = {}, files: Record<string, string> = {}): Environment {
  return {
    env,
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`no file ${path}`);
      return text;
    },
  };
}

export function file(text: string, name = 'test.yaml'): ConfigSource {
  return { name, text };
}

/** The tree of a text that is well-formed. */
export function tree(text: string, name = 'test.yaml'): Node {
  const node = parseYaml(name, text, new Report());
  if (node === undefined) throw new Error('not well-formed');
  return node;
}

/** What a node stands for, places left out. */
export function plain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plain(value)]));
}

/** `code file:line:column` of each. */
export function marks(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code, file: name, line, column }) => `${code} ${name}:${line}:${column}`);
}

export function marksOf(report: Report): string[] {
  return marks(report.diagnostics([]));
}
