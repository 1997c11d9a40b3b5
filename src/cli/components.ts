import type { Definition, Kind } from '../plugin/index.ts';
import { registryFor } from './load.ts';
import { print } from './terminal.ts';

const kinds: readonly Kind[] = ['receiver', 'processor', 'exporter', 'connector', 'extension'];

/** `sluice components`. Resolves to the exit code. */
export async function components(files: readonly string[], json: boolean): Promise<number> {
  const registry = await registryFor(files);
  const definitions = kinds.flatMap((kind) => registry.list(kind).toSorted((a, b) => (a.type < b.type ? -1 : 1)));
  print(json ? asJson(definitions) : asText(definitions));
  return 0;
}

function asJson(definitions: readonly Definition[]): string {
  const list = definitions.map((definition) => {
    const { kind, type, aliases, stability, summary } = definition;
    return { kind, type, aliases, signals: signalsOf(definition), stability, summary };
  });
  return `${JSON.stringify(list, null, 2)}\n`;
}

function asText(definitions: readonly Definition[]): string {
  const rows = definitions.map((definition) => [
    definition.type,
    signalsOf(definition).join(', '),
    definition.stability,
    definition.summary,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const blocks = kinds.flatMap((kind) => {
    const lines = rows
      .filter((_row, index) => definitions[index]?.kind === kind)
      .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
    return lines.length === 0 ? [] : [[`${kind}s`, ...lines, ''].join('\n')];
  });
  return `${blocks.join('\n').trimEnd()}\n`;
}

/** Signals that it handles: for connectors, each that goes in with those that come out. */
function signalsOf(definition: Definition): readonly string[] {
  if (definition.kind === 'extension') return [];
  if (definition.kind !== 'connector') return definition.signals;
  return Object.entries(definition.pairs).map(([from, to]) =>
    to.length === 1 && to[0] === from ? from : `${from} to ${to.join('/')}`,
  );
}
