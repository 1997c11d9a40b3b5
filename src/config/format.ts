import type { Diagnostic, Place } from './diagnostic.ts';
import { redacted, redactLine } from './secrets.ts';
import { setName } from './set.ts';
import type { ConfigSource } from './source.ts';

const widest = 140;

/**
 * Diagnostics for people: `file:line:col: error: message [code]`, the line with a caret, what was found, a hint; then a
 * count. Without secrets and without control characters. The empty string where there is nothing to say.
 */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: readonly ConfigSource[],
  options: { readonly color?: boolean } = {},
): string {
  if (diagnostics.length === 0) return '';
  const paint = options.color === true ? painted : plain;
  const texts = new Map(
    sources.map((source) =>
      'set' in source ? [setName(source.set), source.set] : [source.name, source.text.replace(/^\uFEFF/, '')],
    ),
  );
  const blocks = diagnostics.map((diagnostic) => formatOne(diagnostic, texts.get(diagnostic.file), paint));
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  return `${blocks.join('\n')}\n${summary(errors, diagnostics.length - errors)}\n`;
}

type Paint = (style: 'error' | 'warning' | 'bold' | 'dim', text: string) => string;

const plain: Paint = (_style, text) => text;
const escapes = { error: '\u001B[1;31m', warning: '\u001B[1;33m', bold: '\u001B[1m', dim: '\u001B[2m' } as const;
const painted: Paint = (style, text) => `${escapes[style]}${text}\u001B[0m`;

function formatOne(diagnostic: Diagnostic, text: string | undefined, paint: Paint): string {
  const { severity, code } = diagnostic;
  const head = `${paint('bold', position(diagnostic))}: ${paint(severity, `${severity}:`)} ${printable(diagnostic.message)} ${paint('dim', `[${code}]`)}\n`;
  const details = [
    ...(diagnostic.found === undefined ? [] : [`found: ${diagnostic.found}`]),
    ...(diagnostic.related ?? []).map(({ message, place }) => `see: ${position(place)}: ${message}`),
    ...(diagnostic.hint === undefined ? [] : [`hint: ${diagnostic.hint}`]),
  ];
  return head + excerpt(diagnostic, text, paint) + details.map((detail) => `  ${printable(detail)}\n`).join('');
}

function position({ file, line, column }: Place): string {
  return printable(`${file}:${line}:${column}`);
}

function excerpt(diagnostic: Diagnostic, text: string | undefined, paint: Paint): string {
  const line = text?.split('\n')[diagnostic.line - 1]?.replace(/\r$/, '');
  if (line === undefined || line.trim() === '') return '';
  const tab = diagnostic.code === 'tab-indentation' ? '→' : ' ';
  const segment = window(withoutSecrets(line.replaceAll('\t', tab), diagnostic));
  const gutter = `${diagnostic.line}`.padStart(4);
  const caret = ' '.repeat(segment.start) + paint(diagnostic.severity, '^'.repeat(segment.length));
  return `${paint('dim', `${gutter} |`)} ${segment.line}\n${paint('dim', '     |')} ${caret}\n`;
}

interface Segment {
  readonly line: string;
  readonly start: number;
  readonly length: number;
}

/** The line with its secrets replaced, and where the caret stands in it then. */
function withoutSecrets(line: string, diagnostic: Diagnostic): Segment {
  const start = diagnostic.column - 1;
  const hidden = (diagnostic.hidden ?? []).toSorted((a, b) => a.column - b.column);
  let text = '';
  let at = 0;
  let caret = { start, length: diagnostic.length };
  for (const { column, length } of hidden) {
    const from = column - 1;
    if (from < at) continue;
    text += line.slice(at, from);
    if (from <= start && start < from + length) caret = { start: text.length, length: redacted.length };
    else if (from < start) caret = { ...caret, start: caret.start + redacted.length - length };
    text += redacted;
    at = from + length;
  }
  text += line.slice(at);
  if (hidden.length > 0) return { line: text, ...caret };
  // Nothing is known of the line: what looks like a secret goes, and all of it where the caret would not fit any more.
  const shown = redactLine(line);
  const end = start + diagnostic.length;
  return shown.slice(0, end) === line.slice(0, end)
    ? { line: shown, ...caret }
    : { line: redacted, start: 0, length: redacted.length };
}

/** Cuts long lines around the caret; one character is one column afterwards. */
function window({ line, start, length }: Segment): Segment {
  const from = start > widest - 40 ? start - 40 : 0;
  const cut = line.slice(from, from + widest);
  const shown = (from > 0 ? `…${cut.slice(1)}` : cut) + (from + widest < line.length ? '…' : '');
  const at = Math.min(start - from, shown.length);
  return {
    line: printable(shown),
    start: at,
    length: Math.max(1, Math.min(length, shown.length - at)),
  };
}

/** Text that cannot steer a terminal. */
function printable(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/[\p{Cc}\u2028-\u202E\u2066-\u2069]/gu, '\uFFFD');
}

function summary(errors: number, warnings: number): string {
  const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
  return [...(errors > 0 ? [count(errors, 'error')] : []), ...(warnings > 0 ? [count(warnings, 'warning')] : [])].join(
    ', ',
  );
}
