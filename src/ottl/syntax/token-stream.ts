import type { Problem } from './problem.ts';
import { tokenize, type Token, type TokenKind } from './tokens.ts';

/** Unwinds to where parsing can go on; the problem is on the list. */
export class Unparsable extends Error {}

const opening = new Set(['(', '[', '{']);
const closing = new Set([')', ']', '}']);

/** Tokens with a position, and the list of what is wrong with them. */
export class TokenStream {
  readonly problems: Problem[];
  private readonly tokens: readonly Token[];
  private position = 0;
  /** Per opening bracket, the position after the one that closes it. */
  private readonly afterBracket: ReadonlyMap<number, number>;

  constructor(text: string) {
    const { tokens, problems } = tokenize(text);
    this.tokens = tokens;
    this.problems = [...problems];
    this.afterBracket = matchBrackets(tokens);
  }

  get current(): Token {
    return this.tokens[this.position] as Token;
  }

  get next(): Token {
    return this.tokens[Math.min(this.position + 1, this.tokens.length - 1)] as Token;
  }

  /** Where the token before the current one ended. */
  get previousEnd(): number {
    return this.tokens[this.position - 1]?.end ?? 0;
  }

  /** The token behind the bracket that closes the current one. */
  get afterClosing(): Token | undefined {
    const after = this.afterBracket.get(this.position);
    return after === undefined ? undefined : this.tokens[after];
  }

  is(text: string): boolean {
    return this.current.text === text && this.current.kind !== 'string';
  }

  isKind(...kinds: readonly TokenKind[]): boolean {
    return kinds.includes(this.current.kind);
  }

  advance(): Token {
    const token = this.current;
    if (token.kind !== 'end') this.position += 1;
    return token;
  }

  /** Goes past the current token if it is this one. */
  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.advance();
    return true;
  }

  /** Goes past a token that has to be there. */
  expect(text: string, after: string): Token {
    if (!this.is(text)) this.fail(`${text} ${after}`);
    return this.advance();
  }

  /** Notes what was expected here, and unwinds. */
  fail(expected: string): never {
    const { text, start, kind } = this.current;
    this.report({
      offset: start,
      length: text.length,
      message: `expected ${expected}, found ${kind === 'end' ? 'nothing more' : text}`,
    });
    throw new Unparsable();
  }

  /** Where there is a problem already, a second is only its consequence. */
  report(problem: Problem): void {
    if (!this.problems.some(({ offset }) => offset === problem.offset)) this.problems.push(problem);
  }

  /** Goes to the next `and`, `or`, `where`, to the bracket that closes this level, or to the end. */
  skipToNextOperand(): void {
    let depth = 0;
    for (; this.current.kind !== 'end'; this.position += 1) {
      const { kind, text } = this.current;
      if (depth === 0 && kind === 'keyword' && (text === 'and' || text === 'or' || text === 'where')) return;
      if (kind !== 'punctuation') continue;
      if (opening.has(text)) depth += 1;
      else if (closing.has(text) && --depth < 0) return;
    }
  }
}

function matchBrackets(tokens: readonly Token[]): Map<number, number> {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind !== 'punctuation') continue;
    if (opening.has(text)) open.push(index);
    const start = closing.has(text) ? open.pop() : undefined;
    if (start !== undefined) pairs.set(start, index + 1);
  }
  return pairs;
}
