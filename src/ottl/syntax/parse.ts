import { OttlError } from './problem.ts';
import { TokenStream, Unparsable } from './token-stream.ts';
import type { BooleanNode, ComparisonOperator, StatementNode } from './tree.ts';
import { ValueParser } from './values.ts';

/** A condition, such as `attributes["a"] == 1 and IsMatch(name, "^x")`. Throws OttlError with all that is wrong. */
export function parseCondition(text: string): BooleanNode {
  return parseAll(text, (parser) => parser.or());
}

/** A statement, such as `set(attributes["a"], 1) where name == "x"`. Throws OttlError with all that is wrong. */
export function parseStatement(text: string): StatementNode {
  return parseAll(text, (parser) => parser.statement());
}

function parseAll<T>(text: string, parse: (parser: ConditionParser) => T): T {
  const stream = new TokenStream(text);
  let tree: T | undefined;
  try {
    tree = parse(new ConditionParser(stream));
    if (!stream.isKind('end')) stream.fail('and, or or the end');
  } catch (error) {
    if (!(error instanceof Unparsable)) throw error;
  }
  if (tree === undefined || stream.problems.length > 0) {
    throw new OttlError(
      text,
      stream.problems.toSorted((a, b) => a.offset - b.offset),
    );
  }
  return tree;
}

class ConditionParser {
  private readonly stream: TokenStream;
  private readonly values: ValueParser;

  constructor(stream: TokenStream) {
    this.stream = stream;
    this.values = new ValueParser(stream);
  }

  statement(): StatementNode {
    const { stream } = this;
    const { kind, text, start } = stream.current;
    if (kind !== 'name' || !/^[a-z]/.test(text)) stream.fail('an editor, whose name starts with a lower-case letter');
    if (stream.next.text !== '(') stream.fail(`an editor, called as ${text}(…)`);
    const editor = this.values.call();
    const [key] = editor.keys;
    if (key !== undefined) {
      const length = key.end - key.start;
      stream.report({
        offset: key.start,
        length,
        message: 'expected no key after an editor; only paths and converters have keys',
      });
    }
    const where = stream.take('where') ? this.or() : undefined;
    return { editor, where, start, end: stream.previousEnd };
  }

  or(): BooleanNode {
    return this.joined('or', () => this.joined('and', () => this.operand()));
  }

  private joined(kind: 'or' | 'and', operand: () => BooleanNode): BooleanNode {
    const first = operand();
    const operands = [first];
    while (this.stream.take(kind)) operands.push(operand());
    return operands.length === 1 ? first : { kind, operands, start: first.start, end: this.stream.previousEnd };
  }

  /** Where an operand is broken, those after the next `and` or `or` are still looked at. */
  private operand(): BooleanNode {
    const { start } = this.stream.current;
    try {
      return this.negatable();
    } catch (error) {
      if (!(error instanceof Unparsable)) throw error;
      this.stream.skipToNextOperand();
      return { kind: 'broken', start, end: this.stream.previousEnd };
    }
  }

  private negatable(): BooleanNode {
    const { start } = this.stream.current;
    if (!this.stream.take('not')) return this.simple();
    const operand = this.simple();
    return { kind: 'not', operand, start, end: operand.end };
  }

  private simple(): BooleanNode {
    const { stream } = this;
    if (stream.is('(') && !this.isMath()) {
      const { start } = stream.advance();
      const inner = this.values.nested(() => this.or());
      stream.expect(')', 'after a condition in brackets');
      return { ...inner, start, end: stream.previousEnd };
    }
    const left = this.values.value();
    if (!stream.isKind('comparison')) {
      if (left.kind === 'bool' || left.kind === 'call') return left;
      return stream.fail('a comparison (== != < <= > >=)');
    }
    const operator = stream.advance().text as ComparisonOperator;
    const right = this.values.value();
    return { kind: 'comparison', operator, left, right, start: left.start, end: right.end };
  }

  /** Whether a bracket opens a sum and not a condition: what follows tells. */
  private isMath(): boolean {
    const after = this.stream.afterClosing?.kind;
    return after === 'comparison' || after === 'sign' || after === 'factor';
  }
}
