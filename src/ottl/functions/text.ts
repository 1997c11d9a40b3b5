import { safeRegExp } from '../../wire/index.ts';
import { likeText } from '../run/text.ts';
import { EvaluationError, valueOf, type Value } from '../run/value.ts';
import { asInt, asList, asString, asText } from './arguments.ts';
import { converter, optional, parameter, type Converter, type Run } from './converter.ts';

const target = parameter('target', asString);

/** Patterns that are no literals are compiled when they change. */
const isMatch: Converter = {
  name: 'IsMatch',
  parameters: [parameter('target', asText), parameter('pattern', asString)],
  prepare([, literal]) {
    let source = typeof literal === 'string' ? literal : undefined;
    let pattern = source === undefined ? undefined : safeRegExp(source);
    const run: Run = ([value, wanted]) => {
      const text = likeText(value as Value);
      const next = asString(wanted as Value);
      if (pattern === undefined || next !== source) pattern = safeRegExp((source = next));
      return text !== undefined && pattern.test(text);
    };
    return run;
  },
};

function substring(text: string, start: bigint, length: bigint): string {
  const bytes = Buffer.from(text);
  if (start < 0n || length <= 0n || start + length > BigInt(bytes.length)) {
    throw new EvaluationError(`a string of ${bytes.length} bytes has no ${length} bytes from ${start}`);
  }
  return bytes.toString('utf8', Number(start), Number(start + length));
}

/** Letter by letter, as in Go: one that would become several stays as it is. */
function upper(text: string): string {
  return Array.from(text, (letter) => {
    const changed = letter.toUpperCase();
    return changed.length === letter.length ? changed : letter;
  }).join('');
}

function lower(text: string): string {
  return Array.from(text, (letter) => String.fromCodePoint(letter.toLowerCase().codePointAt(0) as number)).join('');
}

function convertCase(text: string, to: string): string {
  if (to === 'lower') return lower(text);
  if (to === 'upper') return upper(text);
  const known = to === 'snake' || to === 'camel';
  throw new EvaluationError(
    known ? `the case ${to} is not supported yet` : `expected lower, upper, snake or camel, found ${to}`,
  );
}

function without(set: string, text: string): string {
  const from = Array.from(text);
  const unwanted = new Set(set);
  while (from.length > 0 && unwanted.has(from[0] as string)) from.shift();
  while (from.length > 0 && unwanted.has(from.at(-1) as string)) from.pop();
  return from.join('');
}

const convertCaseOf: Converter = {
  ...converter('ConvertCase', [target, parameter('to_case', asString)], convertCase),
  prepare([, to]) {
    if (typeof to === 'string') convertCase('', to);
    return ([text, wanted]) => convertCase(asString(text as Value), asString(wanted as Value));
  },
};

/** What works on text. Positions and lengths count UTF-8 bytes. */
export const textConverters = [
  isMatch,
  converter('HasPrefix', [target, parameter('prefix', asString)], (text, prefix) => text.startsWith(prefix)),
  converter('HasSuffix', [target, parameter('suffix', asString)], (text, suffix) => text.endsWith(suffix)),
  converter('ToLowerCase', [target], lower),
  converter('ToUpperCase', [target], upper),
  convertCaseOf,
  converter('Substring', [target, parameter('start', asInt), parameter('length', asInt)], substring),
  converter('Concat', [parameter('vals', asList), parameter('delimiter', asString)], (values, delimiter) =>
    values.map((value) => likeText(valueOf(value)) ?? '<nil>').join(delimiter),
  ),
  converter('Split', [target, parameter('delimiter', asString)], (text, delimiter) =>
    delimiter === '' ? Array.from(text) : text.split(delimiter),
  ),
  converter('Trim', [target, optional('replacement', asString, ' ')], (text, set) => without(set, text)),
  converter('TrimPrefix', [target, parameter('prefix', asString)], (text, prefix) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  converter('TrimSuffix', [target, parameter('suffix', asString)], (text, suffix) =>
    suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
  ),
];
