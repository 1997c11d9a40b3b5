import { unquote } from './string-literal.ts';
import type { TokenStream } from './token-stream.ts';
import type { ArgumentNode, CallNode, FieldNode, KeyNode, MathOperator, PathNode, ValueNode } from './tree.ts';

/** Brackets within brackets beyond this are refused, so that no text can exhaust the stack. */
const mostNested = 100;
const minInt = -(2n ** 63n);
const maxInt = 2n ** 63n - 1n;
const lowerCase = /^[a-z][a-z0-9_]*$/;
const upperCase = /^[A-Z][A-Z0-9_]*$/;
const functionName = /^[A-Z]/;

/** Values: literals, paths, converters, math, lists and maps. */
export class ValueParser {
  readonly stream: TokenStream;
  private depth = 0;

  constructor(stream: TokenStream) {
    this.stream = stream;
  }

  value(): ValueNode {
    const { stream } = this;
    const { kind, text, start, end } = stream.current;
    if (kind === 'string') return { kind: 'string', value: this.string(), start, end };
    if (kind === 'bytes') return this.bytes();
    if (text === 'nil' || text === 'true' || text === 'false') {
      stream.advance();
      return text === 'nil' ? { kind: 'nil', start, end } : { kind: 'bool', value: text === 'true', start, end };
    }
    if (text === '[') return this.nested(() => this.list());
    if (text === '{') return this.nested(() => this.map());
    if (kind === 'name' && upperCase.test(text) && stream.next.text !== '(') {
      stream.advance();
      return { kind: 'enum', name: text, start, end };
    }
    return this.sum();
  }

  call(): CallNode {
    const { stream } = this;
    const { text: name, start } = stream.advance();
    stream.expect('(', `after ${name}`);
    const args = this.nested(() => this.args(name));
    const keys = this.keys();
    return { kind: 'call', name, args, keys, start, end: stream.previousEnd };
  }

  nested<T>(parse: () => T): T {
    if (this.depth === mostNested) this.stream.fail(`at most ${mostNested} brackets within brackets`);
    this.depth += 1;
    try {
      return parse();
    } finally {
      this.depth -= 1;
    }
  }

  private args(name: string): ArgumentNode[] {
    const { stream } = this;
    const args: ArgumentNode[] = [];
    if (stream.take(')')) return args;
    do args.push(this.argument());
    while (stream.take(','));
    stream.expect(')', `or , after an argument of ${name}`);
    return args;
  }

  private argument(): ArgumentNode {
    const { stream } = this;
    const { start } = stream.current;
    const isNamed = stream.isKind('name') && stream.next.text === '=';
    const name = isNamed ? stream.advance().text : undefined;
    if (isNamed) stream.advance();
    const { kind, text, start: from, end } = stream.current;
    const isFunction = kind === 'name' && functionName.test(text) && !upperCase.test(text) && stream.next.text !== '(';
    if (isFunction) stream.advance();
    const value = isFunction ? ({ kind: 'function', name: text, start: from, end } as const) : this.value();
    return { name, value, start, end: stream.previousEnd };
  }

  private sum(): ValueNode {
    let left = this.product();
    while (this.stream.isKind('sign')) left = this.math(left, () => this.product());
    return left;
  }

  private product(): ValueNode {
    let left = this.factor();
    while (this.stream.isKind('factor')) left = this.math(left, () => this.factor());
    return left;
  }

  private math(left: ValueNode, operand: () => ValueNode): ValueNode {
    const operator = this.stream.advance().text as MathOperator;
    const right = operand();
    return { kind: 'math', operator, left, right, start: left.start, end: right.end };
  }

  private factor(): ValueNode {
    const { stream } = this;
    const { start } = stream.current;
    const sign = stream.isKind('sign') ? stream.advance().text : '+';
    if (stream.take('(')) {
      const inner = this.nested(() => this.sum());
      stream.expect(')', 'after a sum');
      return sign === '+' ? inner : { kind: 'negation', operand: inner, start, end: stream.previousEnd };
    }
    const operand = this.literal(sign === '-');
    const isFolded = operand.kind === 'int' || operand.kind === 'float';
    return sign === '+' || isFolded ? operand : { kind: 'negation', operand, start, end: operand.end };
  }

  /** A number, path or converter: what math works on. */
  private literal(isNegative: boolean): ValueNode {
    const { stream } = this;
    const { kind, text, start, end } = stream.current;
    if (kind === 'float') {
      stream.advance();
      return { kind: 'float', value: isNegative ? -Number(text) : Number(text), start, end };
    }
    if (kind === 'int') return this.int(isNegative);
    if (kind !== 'name') return stream.fail('a value');
    if (functionName.test(text)) {
      if (stream.next.text === '(') return this.call();
      return stream.fail(
        upperCase.test(text) ? 'a number, path or converter in math' : `a value; a converter is called as ${text}(…)`,
      );
    }
    if (stream.next.text === '(') return stream.fail('a converter, whose name starts with an upper-case letter');
    return this.path();
  }

  private int(isNegative: boolean): ValueNode {
    const { text, start, end } = this.stream.current;
    const isOctal = /^0[0-9]/.test(text);
    if (isOctal && /[89]/.test(text)) this.stream.fail('an octal number, since it starts with 0');
    const value = BigInt(isOctal ? `0o${text}` : text) * (isNegative ? -1n : 1n);
    if (value < minInt || value > maxInt) this.stream.fail('an int of 64 bits');
    this.stream.advance();
    return { kind: 'int', value, start, end };
  }

  private path(): PathNode {
    const { start } = this.stream.current;
    const fields = [this.field()];
    while (this.stream.take('.')) fields.push(this.field());
    return { kind: 'path', fields, start, end: this.stream.previousEnd };
  }

  private field(): FieldNode {
    const { kind, text, start } = this.stream.current;
    if (kind !== 'name' || !lowerCase.test(text)) this.stream.fail('a field in lower case');
    this.stream.advance();
    const keys = this.keys();
    return { name: text, keys, start, end: this.stream.previousEnd };
  }

  private keys(): KeyNode[] {
    const keys: KeyNode[] = [];
    while (this.stream.take('[')) {
      if (!this.stream.isKind('string', 'int', 'name', 'sign', 'float') && !this.stream.is('(')) {
        this.stream.fail('a key: a string, an int or a path');
      }
      keys.push(this.nested(() => this.value()));
      this.stream.expect(']', 'after a key');
    }
    return keys;
  }

  private list(): ValueNode {
    const { stream } = this;
    const { start } = stream.advance();
    const items: ValueNode[] = [];
    while (!stream.is(']')) {
      items.push(this.value());
      if (!stream.take(',') && !stream.is(']')) stream.fail(', or ] after an item of a list');
    }
    stream.advance();
    return { kind: 'list', items, start, end: stream.previousEnd };
  }

  private map(): ValueNode {
    const { stream } = this;
    const { start } = stream.advance();
    const entries: { key: string; value: ValueNode }[] = [];
    while (!stream.is('}')) {
      if (!stream.isKind('string')) stream.fail('a key in double quotes, or }');
      const key = this.string();
      stream.expect(':', 'after a key of a map');
      entries.push({ key, value: this.value() });
      stream.take(',');
    }
    stream.advance();
    return { kind: 'map', entries, start, end: stream.previousEnd };
  }

  private bytes(): ValueNode {
    const { text, start, end } = this.stream.current;
    if (text.length % 2 !== 0) this.stream.fail('bytes as pairs of hex digits');
    this.stream.advance();
    return { kind: 'bytes', value: new Uint8Array(Buffer.from(text.slice(2), 'hex')), start, end };
  }

  private string(): string {
    const { text, start } = this.stream.advance();
    const value = unquote(text, start);
    if (typeof value === 'string') return value;
    this.stream.report(value);
    return text.slice(1, -1);
  }
}
