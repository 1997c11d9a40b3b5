import type { Problem } from '../syntax/problem.ts';
import type { FieldNode, PathNode } from '../syntax/tree.ts';
import { contexts, contextNamed, foreignContexts, type ContextName } from './context.ts';
import type { Field } from './field.ts';

/** A path whose names are known. Its keys, if any, are those of its last name. */
export interface ResolvedPath {
  readonly context: ContextName;
  readonly field: Field;
  readonly keys: FieldNode['keys'];
}

export interface ResolveOptions {
  readonly context: ContextName;
  /** Whether a path must say its context: `log.body`. Otherwise `body` will do. */
  readonly prefixed: boolean;
}

/** Looks up a path, or says what is wrong with it. */
export function resolvePath(path: PathNode, { context, prefixed }: ResolveOptions): ResolvedPath | Problem {
  const [first, second] = path.fields as [FieldNode, FieldNode?];
  const named = first.keys.length === 0 ? contextNamed(first.name) : undefined;
  if (named === undefined && foreignContexts.has(first.name)) {
    return problem(first, `${first.name} is no context here; Sluice has no profiles`);
  }
  if (named === undefined) return prefixed ? withoutContext(path, context) : fieldsIn(context, path.fields, path);
  const known = [context, ...around(context)];
  if (!known.includes(named)) {
    return problem(first, `a ${context} condition cannot look at ${first.name}; it knows ${listed(known)}`);
  }
  if (second === undefined)
    return problem(first, `expected a field after ${first.name}, such as ${first.name}.${fieldNames(named)[0]}`);
  return fieldsIn(named, path.fields.slice(1), path);
}

function fieldsIn(context: ContextName, names: readonly FieldNode[], path: PathNode): ResolvedPath | Problem {
  let fields = contexts.get(context)?.fields;
  let field: Field | undefined;
  for (const [depth, node] of names.entries()) {
    field = fields?.get(node.name);
    if (field === undefined) return unknownField(context, node, depth === 0 ? undefined : names[depth - 1]);
    fields = field.fields;
    const [key] = node.keys;
    const isLast = depth === names.length - 1;
    if (key !== undefined && (!isLast || !takesKeys(field))) return problem(key, `${node.name} has no keys`);
  }
  return { context, field: field as Field, keys: (path.fields.at(-1) as FieldNode).keys };
}

function takesKeys(field: Field): boolean {
  return field.type === 'map' || field.type === 'any' || field.entry !== undefined;
}

function unknownField(context: ContextName, node: FieldNode, parent: FieldNode | undefined): Problem {
  const { missing = [], fields } = contexts.get(context) ?? {};
  if (parent === undefined && missing.includes(node.name)) {
    return problem(node, `${context}.${node.name} is not supported yet`);
  }
  const names = parent === undefined ? fieldNames(context) : [...(fields?.get(parent.name)?.fields?.keys() ?? [])];
  const of = parent === undefined ? `a ${context}` : parent.name;
  return problem(node, `${of} has no field ${node.name}${names.length === 0 ? '' : `; it has ${listed(names)}`}`);
}

function withoutContext(path: PathNode, context: ContextName): Problem {
  const [first] = path.fields as [FieldNode];
  const fits = [context, ...around(context)].filter((each) => fieldNames(each).includes(first.name));
  const hint = fits.length === 0 ? '' : `, such as ${fits.map((each) => `${each}.${first.name}`).join(' or ')}`;
  return problem(first, `expected a path with its context${hint}, found ${first.name}`);
}

function around(context: ContextName): readonly ContextName[] {
  return contexts.get(context)?.around ?? [];
}

function fieldNames(context: ContextName): string[] {
  return [...(contexts.get(context)?.fields.keys() ?? [])];
}

function listed(names: readonly string[]): string {
  return names.join(', ');
}

function problem({ start, end }: { readonly start: number; readonly end: number }, message: string): Problem {
  return { offset: start, length: end - start, message };
}
