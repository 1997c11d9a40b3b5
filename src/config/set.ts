import type { Place, Report } from './diagnostic.ts';
import type { Node } from './node.ts';
import { parseYaml } from './parse.ts';

/** The name under which messages speak of a `--set` argument. It leaves out the value, which may be a secret. */
export function setName(argument: string): string {
  return `--set ${argument.split('=', 1)[0] ?? ''}`;
}

/**
 * Reads `path.to.key=value` as the map it stands for. Dots separate keys, `\.` is a dot within one; the value is YAML.
 * Undefined where it is malformed; the report says why.
 */
export function parseSet(argument: string, report: Report): Node | undefined {
  const file = setName(argument);
  const equals = argument.indexOf('=');
  const whole: Place = { file, line: 1, column: 1, length: Math.max(equals === -1 ? argument.length : equals, 1) };
  const keys = splitPath(argument.slice(0, Math.max(equals, 0)), file);
  if (equals === -1 || keys.some((key) => key.name === '')) {
    const hint = 'for example --set exporters.otlp_grpc.endpoint=localhost:4317';
    report.error('invalid-set', whole, 'expected path.to.key=value', { hint });
    return undefined;
  }
  const forbidden = keys.find((key) => key.name === '__proto__');
  if (forbidden !== undefined) {
    report.error('invalid-key', forbidden.place, 'the key "__proto__" is not allowed');
    return undefined;
  }
  // Padding keeps the columns of the value those of the argument.
  let node = parseYaml(file, ' '.repeat(equals + 1) + argument.slice(equals + 1), report);
  if (node === undefined) return undefined;
  for (const { name, place } of keys.toReversed()) {
    node = { kind: 'map', place, entries: new Map([[name, { key: place, value: node }]]) };
  }
  return node;
}

function splitPath(path: string, file: string): { name: string; place: Place }[] {
  const keys: { name: string; place: Place }[] = [];
  let column = 1;
  for (const part of path.split(/(?<!\\)\./)) {
    const place = { file, line: 1, column, length: Math.max(part.length, 1) };
    keys.push({ name: part.replaceAll('\\.', '.').trim(), place });
    column += part.length + 1;
  }
  return keys;
}
