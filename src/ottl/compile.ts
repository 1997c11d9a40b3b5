import type { Condition } from '../wire/index.ts';
import { inferContext } from './check/infer.ts';
import { Linker } from './check/link.ts';
import type { ContextName } from './paths/context.ts';
import { toCondition } from './plan/condition.ts';
import { testOf, type Test } from './run/evaluate.ts';
import { OttlError } from './syntax/problem.ts';
import { parseCondition } from './syntax/parse.ts';
import type { BooleanNode } from './syntax/tree.ts';

/** A condition that is ready to run. */
export interface OttlCondition {
  /** As it was written. */
  readonly text: string;
  readonly context: ContextName;
  /** Decides on decoded records. Throws EvaluationError where the condition is neither true nor false. */
  readonly test: Test;
  /** The same for an edit plan, where one can say exactly the same. It never fails. */
  readonly plan: Condition | undefined;
}

/**
 * Compiles a condition of a context that is known: paths may do without their context (`name` in `span` is `span.name`).
 * Throws OttlError with all that is wrong.
 */
export function compileCondition(text: string, context: ContextName): OttlCondition {
  return link(text, parseCondition(text), context, false);
}

/**
 * Compiles conditions whose paths say their context (`span.name`), which becomes the innermost that any of them names.
 * Where none names one, it is `fallback`. Throws OttlError with all that is wrong with the first bad condition.
 */
export function compileInferred(texts: readonly string[], fallback: ContextName): OttlCondition[] {
  const trees = texts.map((text) => parseCondition(text));
  const context = inferContext(trees) ?? fallback;
  return trees.map((tree, i) => link(texts[i] as string, tree, context, true));
}

function link(text: string, tree: BooleanNode, context: ContextName, prefixed: boolean): OttlCondition {
  const linker = new Linker({ context, prefixed });
  const linked = linker.condition(tree);
  if (linker.problems.length > 0) throw new OttlError(text, linker.problems);
  const isInPlans = context !== 'spanevent' && context !== 'scope';
  return { text, context, test: testOf(linked), plan: isInPlans ? toCondition(linked) : undefined };
}
