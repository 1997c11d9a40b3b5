import { converters } from '../functions/table.ts';
import { contextNamed, contexts, type ContextName } from '../paths/context.ts';
import { enumsOf } from '../paths/enums.ts';
import type { BooleanNode, CallNode, KeyNode, PathNode, ValueNode } from '../syntax/tree.ts';

/** From the inside out. */
const priority: readonly ContextName[] = ['log', 'datapoint', 'metric', 'spanevent', 'span', 'scope', 'resource'];

/** What a tree names: first names of paths, functions and enums. */
interface Names {
  readonly contexts: Set<ContextName>;
  readonly functions: Set<string>;
  readonly enums: Set<string>;
}

/**
 * The context of conditions whose paths say theirs: the innermost one that a path names or, where a function or an enum
 * needs one further in, the nearest such. Undefined where no path names one.
 */
export function inferContext(conditions: readonly BooleanNode[]): ContextName | undefined {
  const names: Names = { contexts: new Set(), functions: new Set(), enums: new Set() };
  for (const condition of conditions) visitBoolean(condition, names);
  const inferred = priority.find((each) => names.contexts.has(each));
  if (inferred === undefined || provides(inferred, names)) return inferred;
  return priority.find((each) => contexts.get(each)?.around.includes(inferred) && provides(each, names)) ?? inferred;
}

function provides(context: ContextName, { functions, enums }: Names): boolean {
  const hasFunctions = [...functions].every((name) => converters.get(name)?.contexts?.includes(context) !== false);
  return hasFunctions && [...enums].every((name) => enumsOf[context].has(name));
}

function visitBoolean(node: BooleanNode, names: Names): void {
  if (node.kind === 'or' || node.kind === 'and') for (const each of node.operands) visitBoolean(each, names);
  else if (node.kind === 'not') visitBoolean(node.operand, names);
  else if (node.kind === 'call') visitCall(node, names);
  else if (node.kind === 'comparison') {
    visitValue(node.left, names);
    visitValue(node.right, names);
  }
}

function visitValue(node: ValueNode, names: Names): void {
  if (node.kind === 'path') visitPath(node, names);
  else if (node.kind === 'call') visitCall(node, names);
  else if (node.kind === 'enum') names.enums.add(node.name);
  else if (node.kind === 'list') for (const each of node.items) visitValue(each, names);
  else if (node.kind === 'map') for (const { value } of node.entries) visitValue(value, names);
  else if (node.kind === 'negation') visitValue(node.operand, names);
  else if (node.kind === 'math') {
    visitValue(node.left, names);
    visitValue(node.right, names);
  }
}

function visitCall(node: CallNode, names: Names): void {
  names.functions.add(node.name);
  for (const { value } of node.args) if (value.kind !== 'function') visitValue(value, names);
  visitKeys(node.keys, names);
}

function visitPath({ fields }: PathNode, names: Names): void {
  const context = contextNamed(fields[0]?.name ?? '');
  if (context !== undefined) names.contexts.add(context);
  for (const { keys } of fields) visitKeys(keys, names);
}

function visitKeys(keys: readonly KeyNode[], names: Names): void {
  for (const key of keys) visitValue(key, names);
}
