import { posixClasses, translateClass } from './regex-class.ts';

/** What a pattern must not contain, or does not spell right. The message says what and where. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** V8's linear-time engine unrolls counted repeats up to this often; a nest of larger ones is left to backtracking. */
const mostUnrolled = 10;
const mostRepeats = 1000; // as in RE2

/**
 * A pattern in RE2 syntax, as the Collector takes it, as a RegExp: `(?P<name>…)`, leading flags `(?i)`, `(?s)`, `(?m)`,
 * `\A`, `\z`, `\Q…\E`, `[[:alpha:]]`. Throws PatternError for what RE2 refuses (look-around, back-references) and for
 * repeats within repeats that could not be matched in linear time.
 *
 * Case-insensitive patterns are written out as classes of both letters (ASCII), because the linear-time engine knows no flag `i`.
 */
export function safeRegExp(pattern: string): RegExp {
  const translation = new Translation(pattern);
  const source = translation.run();
  try {
    return new RegExp(source, translation.flags);
  } catch (error) {
    throw new PatternError(
      `${(error as Error).message.replace(/^Invalid regular expression: .*\/\w*: /, '')} in ${pattern}`,
    );
  }
}

class Translation {
  private readonly pattern: string;
  private position = 0;
  private ignoreCase = false;
  private dotAll = false;
  private multiline = false;
  /** Per open group: whether something in it repeats. */
  private readonly groups: boolean[] = [];
  /** Whether the last item repeats something inside, and whether large counts were seen. */
  private inner = false;
  private nested = false;
  private counted = false;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  get flags(): string {
    return (this.dotAll ? 's' : '') + (this.multiline ? 'm' : '');
  }

  run(): string {
    let source = '';
    this.leadingFlags();
    while (this.position < this.pattern.length) source += this.item();
    if (this.counted && this.nested) {
      throw this.error('a repeat within a repeat together with a count above 10 cannot be matched in linear time');
    }
    return source;
  }

  private error(what: string): PatternError {
    return new PatternError(`${what}, at position ${this.position} of ${this.pattern}`);
  }

  private take(expression: RegExp): RegExpExecArray | null {
    const sticky = new RegExp(expression.source, 'y');
    sticky.lastIndex = this.position;
    const match = sticky.exec(this.pattern);
    if (match !== null) this.position += match[0].length;
    return match;
  }

  private leadingFlags(): void {
    const flags = this.take(/\(\?([a-zA-Z]+)\)/)?.[1] ?? '';
    for (const flag of flags) {
      if (flag === 'i') this.ignoreCase = true;
      else if (flag === 's') this.dotAll = true;
      else if (flag === 'm') this.multiline = true;
      else throw this.error(`flag ${flag} is not supported`);
    }
  }

  /** The next item of the pattern, translated. */
  private item(): string {
    const character = this.pattern[this.position] as string;
    if (character === '(') return this.open();
    if (character === ')') return this.close();
    if (character === '[') {
      this.inner = false;
      return this.characterClass();
    }
    if (character === '\\') {
      this.inner = false;
      return this.escape();
    }
    if ('*+?'.includes(character)) return this.repeat(this.take(/[*+?]\??/)?.[0] as string);
    const count = this.take(/\{(\d+)(,(\d*))?\}\??/);
    if (count !== null) return this.count(count);
    this.position += 1;
    this.inner = false;
    if (character === '{' || character === '}') return `\\${character}`;
    return this.literal(character);
  }

  private open(): string {
    const look = this.take(/\(\?<?[=!]/);
    if (look !== null) throw this.error('look-around is not supported');
    const named = this.take(/\(\?P?<(\w+)>/);
    this.groups.push(false);
    if (named !== null) return `(?<${named[1]}>`;
    if (this.take(/\(\?:/) !== null) return '(?:';
    if (this.take(/\(\?/) !== null) throw this.error('flags are supported at the start of a pattern only');
    this.position += 1;
    return '(';
  }

  private close(): string {
    const repeats = this.groups.pop();
    if (repeats === undefined) throw this.error('a ) that nothing opens');
    this.position += 1;
    this.inner = repeats;
    if (repeats && this.groups.length > 0) this.groups[this.groups.length - 1] = true;
    return ')';
  }

  private repeat(operator: string): string {
    if (operator[0] !== '?') {
      if (this.inner) this.nested = true;
      if (this.groups.length > 0) this.groups[this.groups.length - 1] = true;
    }
    if (this.take(/[*+]/) !== null) throw this.error('a repeat of a repeat');
    return operator;
  }

  private count([operator, least, more, most]: RegExpExecArray): string {
    const upper = more === undefined ? Number(least) : Number(most === '' ? least : most);
    if (upper > mostRepeats || Number(least) > mostRepeats) throw this.error(`a count above ${mostRepeats}`);
    if (upper > mostUnrolled || Number(least) > mostUnrolled) this.counted = true;
    return this.repeat(operator);
  }

  private literal(character: string): string {
    if (!this.ignoreCase || !/[a-z]/i.test(character)) return character;
    return `[${character.toLowerCase()}${character.toUpperCase()}]`;
  }

  private escape(): string {
    const quoted = this.take(/\\Q([\s\S]*?)(?:\\E|$)/);
    if (quoted !== null)
      return Array.from(quoted[1] as string, (each) => (/[\w\s]/.test(each) ? this.literal(each) : `\\${each}`)).join(
        '',
      );
    if (this.take(/\\[1-9k]/) !== null) throw this.error('back-references are not supported');
    if (this.take(/\\A/) !== null) return this.multiline ? this.refuse('\\A together with flag m') : '^';
    if (this.take(/\\z/) !== null) return this.multiline ? this.refuse('\\z together with flag m') : '$';
    const simple = this.take(/\\(?:[dDsSwWbBtnrfv]|x[0-9a-fA-F]{2}|[^a-zA-Z0-9])/);
    if (simple !== null) return simple[0];
    throw this.error(`${this.pattern.slice(this.position, this.position + 2)} is not supported`);
  }

  private refuse(what: string): never {
    throw this.error(`${what} is not supported`);
  }

  private characterClass(): string {
    const match = this.take(/\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]/);
    if (match === null) throw this.error('a class without an end');
    const unknown = /\[:\^?(\w+):\]/g;
    for (const [, name] of match[0].matchAll(unknown)) {
      if (posixClasses[name as keyof typeof posixClasses] === undefined) throw this.error(`no class [:${name}:]`);
    }
    return translateClass(match[0], this.ignoreCase);
  }
}
