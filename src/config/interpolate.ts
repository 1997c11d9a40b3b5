import { isScalar, parseDocument } from 'yaml';
import type { Place, Report } from './diagnostic.ts';
import { didYouMean } from './near.ts';
import type { Node, ScalarNode, ScalarValue } from './node.ts';
import { splitTemplate, type Piece } from './template.ts';

/** What a configuration may ask of its surroundings. */
export interface Environment {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a file named by `${file:path}`. Throws where there is none. */
  readFile(path: string): string;
}

/**
 * Replaces `${…}` in values, after YAML has been read, so that no value can add structure. Keys stay as they are, and
 * what comes out of a variable is not looked at again. A value that is one reference and nothing else is typed anew.
 */
export function interpolate(node: Node, environment: Environment, report: Report): Node {
  if (node.kind === 'map') {
    const entries = [...node.entries].map(
      ([name, { key, value }]) => [name, { key, value: interpolate(value, environment, report) }] as const,
    );
    return { ...node, entries: new Map(entries) };
  }
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => interpolate(item, environment, report)) };
  if (typeof node.value !== 'string' || !node.value.includes('$')) return node;
  return new Interpolation(node, environment, report).run(node.value);
}

/** What a plain YAML scalar with this text is: a number, a boolean, null or the text itself. */
export function retype(text: string): ScalarValue {
  if (text === '') return null;
  if (text.length > 40 || !/^[-+.~\w]+$/.test(text)) return text;
  const { contents, errors } = parseDocument(text);
  const value: unknown = errors.length === 0 && isScalar(contents) && contents.source === text ? contents.value : text;
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? value : text;
}

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

class Interpolation {
  readonly #node: ScalarNode;
  readonly #environment: Environment;
  readonly #report: Report;

  constructor(node: ScalarNode, environment: Environment, report: Report) {
    this.#node = node;
    this.#environment = environment;
    this.#report = report;
  }

  run(template: string): ScalarNode {
    const pieces = splitTemplate(template);
    const text = this.#join(pieces);
    const references = pieces.filter((piece) => piece.kind !== 'text').length;
    if (references === 0) return { ...this.#node, value: text, text };
    const whole = pieces.length === 1;
    return { ...this.#node, value: whole ? retype(text) : text, text, template };
  }

  #join(pieces: readonly Piece[]): string {
    return pieces.map((piece) => (piece.kind === 'text' ? piece.text : this.#resolve(piece))).join('');
  }

  #resolve(piece: Exclude<Piece, { kind: 'text' }>): string {
    if (piece.kind === 'unclosed') {
      this.#invalid(this.#place(piece.start, 2), 'a "${" without its "}"');
      return '';
    }
    const place = this.#place(piece.start, piece.end - piece.start);
    const head = piece.head.includes('$') ? this.#join(splitTemplate(piece.head)) : piece.head;
    const scheme = /^([a-zA-Z][\w+.-]*):/.exec(head)?.[1];
    if (scheme === 'file') return this.#file(head.slice('file:'.length), place);
    if (scheme !== undefined && scheme !== 'env') {
      this.#invalid(place, `"${scheme}:" is not a source of values`, didYouMean(scheme, ['env', 'file']));
      return '';
    }
    return this.#variable(scheme === undefined ? head : head.slice('env:'.length), piece.fallback, place);
  }

  #variable(name: string, fallback: string | undefined, place: Place): string {
    if (!variableName.test(name)) {
      this.#invalid(place, `${JSON.stringify(name)} is not the name of an environment variable`);
      return '';
    }
    const value = Object.hasOwn(this.#environment.env, name) ? this.#environment.env[name] : undefined;
    if (value === '')
      this.#report.warning('empty-variable', place, `the environment variable ${name} is set, but empty`);
    if (value !== undefined) return value;
    if (fallback !== undefined) return this.#join(splitTemplate(fallback));
    this.#report.error('missing-variable', place, `the environment variable ${name} is not set`, {
      hint: `set it, or give a default: \${env:${name}:-value}`,
    });
    return '';
  }

  #file(path: string, place: Place): string {
    try {
      return this.#environment.readFile(path).replace(/\r?\n$/, '');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#report.error('missing-file', place, `cannot read the file ${JSON.stringify(path)}`, { found: reason });
      return '';
    }
  }

  #invalid(place: Place, message: string, details: { hint?: string } = {}): void {
    this.#report.error('invalid-interpolation', place, message, { hint: 'write $$ for a dollar sign', ...details });
  }

  /** A stretch of the value; the whole scalar where escapes or line breaks shift what stands in the source. */
  #place(start: number, length: number): Place {
    const { place, text } = this.#node;
    const quote = (place.length - text.length) / 2;
    const exact = (quote === 0 || quote === 1) && !text.includes('\n');
    return exact ? { ...place, column: place.column + quote + start, length } : place;
  }
}
