import { PatternError } from '../../wire/index.ts';
import { converters, missingConverters, missingEditors } from '../functions/table.ts';
import type { Converter } from '../functions/converter.ts';
import { enumsOf } from '../paths/enums.ts';
import { resolvePath, type ResolveOptions } from '../paths/resolve.ts';
import { EvaluationError, type Value } from '../run/value.ts';
import type { Problem } from '../syntax/problem.ts';
import type { ArgumentNode, BooleanNode, CallNode, PathNode, TextRange, ValueNode } from '../syntax/tree.ts';
import { argumentsInOrder } from './arguments.ts';
import type { Linked, LinkedCall, LinkedValue } from './linked.ts';
import { closest } from './near.ts';

const nothing: LinkedValue = { is: 'literal', value: null };
const never: Linked = { is: 'constant', value: false };

/** Looks up all names of a condition, and collects what is wrong with them. */
export class Linker {
  readonly problems: Problem[] = [];
  private readonly options: ResolveOptions;

  constructor(options: ResolveOptions) {
    this.options = options;
  }

  condition(node: BooleanNode): Linked {
    switch (node.kind) {
      case 'or':
      case 'and':
        return { is: node.kind === 'or' ? 'any' : 'all', of: node.operands.map((each) => this.condition(each)) };
      case 'not':
        return { is: 'not', of: this.condition(node.operand) };
      case 'bool':
        return { is: 'constant', value: node.value };
      case 'comparison':
        return { is: 'compare', operator: node.operator, left: this.value(node.left), right: this.value(node.right) };
      case 'call': {
        const call = this.call(node);
        return call.is === 'call' ? call : never;
      }
      case 'broken':
        return never;
    }
  }

  value(node: ValueNode): LinkedValue {
    switch (node.kind) {
      case 'nil':
        return nothing;
      case 'string':
      case 'int':
      case 'float':
      case 'bool':
      case 'bytes':
        return { is: 'literal', value: node.value };
      case 'enum':
        return this.enumValue(node.name, node);
      case 'list':
        return { is: 'list', items: node.items.map((each) => this.value(each)) };
      case 'map':
        return { is: 'map', entries: node.entries.map(({ key, value }) => ({ key, value: this.value(value) })) };
      case 'path':
        return this.path(node);
      case 'call':
        return this.call(node);
      case 'negation':
        return { is: 'negate', of: this.value(node.operand) };
      case 'math':
        return { is: 'math', operator: node.operator, left: this.value(node.left), right: this.value(node.right) };
    }
  }

  report({ start, end }: TextRange, message: string): void {
    this.problems.push({ offset: start, length: end - start, message });
  }

  private enumValue(name: string, node: TextRange): LinkedValue {
    const known = enumsOf[this.options.context];
    const value = known.get(name);
    if (value !== undefined) return { is: 'literal', value };
    const hint = known.size === 0 ? '; it has none' : closest(name, [...known.keys()]);
    this.report(node, `a ${this.options.context} condition has no enum ${name}${hint}`);
    return nothing;
  }

  private path(node: PathNode): LinkedValue {
    const found = resolvePath(node, this.options);
    if ('message' in found) {
      this.problems.push(found);
      return nothing;
    }
    return { is: 'path', field: found.field, keys: found.keys.map((key) => this.value(key)) };
  }

  private call(node: CallNode): LinkedCall | typeof nothing {
    const converter = converters.get(node.name);
    if (converter === undefined) return this.unknown(node);
    const { context } = this.options;
    if (converter.contexts?.includes(context) === false) {
      this.report(node, `${node.name} is for ${converter.contexts.join(', ')} conditions, not for ${context}`);
      return nothing;
    }
    const ordered = argumentsInOrder(node, converter, (at, message) => this.report(at, message));
    if (ordered === undefined) return nothing;
    const args = ordered.map((arg) => (arg === undefined ? undefined : this.argument(arg)));
    const literals = args.map((arg) => (arg?.is === 'literal' ? arg.value : undefined));
    if (!this.literalsFit(converter, ordered, literals)) return nothing;
    try {
      const run = converter.prepare(literals);
      return { is: 'call', converter, run, args, keys: node.keys.map((key) => this.value(key)) };
    } catch (error) {
      if (!(error instanceof EvaluationError) && !(error instanceof PatternError)) throw error;
      this.report(node, `${node.name}: ${error.message}`);
      return nothing;
    }
  }

  private argument({ value }: ArgumentNode): LinkedValue {
    if (value.kind !== 'function') return this.value(value);
    this.report(value, `expected a value, found the function ${value.name}`);
    return nothing;
  }

  /** A literal of the wrong type can never do. */
  private literalsFit(
    { name, parameters }: Converter,
    nodes: readonly (ArgumentNode | undefined)[],
    literals: readonly (Value | undefined)[],
  ): boolean {
    let fit = true;
    for (const [i, literal] of literals.entries()) {
      if (literal === undefined) continue;
      try {
        parameters[i]?.read(literal);
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        fit = false;
        this.report(nodes[i] as ArgumentNode, `${name}: ${error.message}`);
      }
    }
    return fit;
  }

  private unknown({ name, start }: CallNode): typeof nothing {
    const at = { start, end: start + name.length };
    if (missingConverters.has(name)) this.report(at, `the function ${name} is not supported yet`);
    else if (missingEditors.has(name)) this.report(at, `${name} changes data; a condition can only look at it`);
    else this.report(at, `there is no function ${name}${closest(name, [...converters.keys()])}`);
    return nothing;
  }
}
