import type { Problem } from './problem.ts';
import type { TextRange } from './tree.ts';

export type TokenKind =
  'bytes' | 'float' | 'int' | 'string' | 'name' | 'keyword' | 'comparison' | 'sign' | 'factor' | 'punctuation' | 'end';

export interface Token extends TextRange {
  readonly kind: TokenKind;
  readonly text: string;
}

/** In this order, as in the grammar of OTTL: `0x` is bytes before it is an int, and `1.` is a float. */
const rules: readonly (readonly [TokenKind | 'space', RegExp])[] = [
  ['space', /\s+/y],
  ['bytes', /0x[a-fA-F0-9]+/y],
  ['float', /(?:\d+\.\d*|\.\d+)(?:[eE][-+]?\d+)?/y],
  ['int', /\d+/y],
  ['string', /"(?:\\[^]|[^\\"])*"/y],
  ['keyword', /(?:nil|not|or|and|true|false|where)\b/y],
  ['name', /[A-Za-z][A-Za-z0-9_]*/y],
  ['comparison', /==|!=|>=|<=|>|</y],
  ['sign', /[+-]/y],
  ['factor', /[*/]/y],
  ['punctuation', /[=(){}:,.[\]]/y],
];

/** The tokens of a text, an `end` as the last, and what is none. */
export function tokenize(text: string): { readonly tokens: readonly Token[]; readonly problems: readonly Problem[] } {
  const tokens: Token[] = [];
  const problems: Problem[] = [];
  let start = 0;
  while (start < text.length) {
    const found = match(text, start);
    if (found === undefined) {
      const problem = strange(text, start);
      problems.push(problem);
      start += problem.length;
      // So that what follows is not found wrong for the lack of a value.
      if (text[problem.offset] === '"') tokens.push({ kind: 'string', text: '""', start: problem.offset, end: start });
      continue;
    }
    if (found.kind !== 'space') tokens.push(found as Token);
    start = found.end;
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return { tokens, problems };
}

function match(text: string, start: number): (TextRange & { kind: TokenKind | 'space'; text: string }) | undefined {
  for (const [kind, rule] of rules) {
    rule.lastIndex = start;
    const found = rule.exec(text)?.[0];
    if (found !== undefined) return { kind, text: found, start, end: start + found.length };
  }
  return undefined;
}

function strange(text: string, offset: number): Problem {
  if (text[offset] === '"') return { offset, length: text.length - offset, message: 'this string has no closing "' };
  const character = String.fromCodePoint(text.codePointAt(offset) as number);
  const hint =
    character === "'"
      ? '; strings stand in double quotes'
      : character === '&' || character === '|'
        ? '; write and, or'
        : '';
  const message = character === '!' ? 'expected != or not, found !' : `${character} has no meaning here${hint}`;
  return { offset, length: character.length, message };
}
