import { z } from 'zod';
import { compileCondition, compileInferred, type OttlCondition } from './compile.ts';
import type { ContextName } from './paths/context.ts';
import { describeProblem, OttlError } from './syntax/problem.ts';

interface Issues {
  addIssue(issue: { code: 'custom'; message: string; input: unknown; params: object }): void;
}

const examples = ['severity_number < SEVERITY_NUMBER_WARN', 'attributes["http.route"] == "/health"'];

/** A condition of one context. Comes out compiled; each thing wrong with it is an issue with its place in the text. */
export function ottlCondition(context: ContextName) {
  return z
    .string()
    .transform((text, issues) => compiled(text, issues, () => compileCondition(text, context)))
    .meta({ format: 'ottl', examples });
}

/** A condition whose paths say their context, which has to be one of these. Where no path does, it is the first. */
export function inferredOttlCondition(allowed: readonly [ContextName, ...ContextName[]]) {
  return z
    .string()
    .transform((text, issues) => {
      return compiled(text, issues, () => {
        const [condition] = compileInferred([text], allowed[0]);
        return checkContext(condition as OttlCondition, allowed);
      });
    })
    .meta({
      format: 'ottl',
      examples: ['log.severity_number < SEVERITY_NUMBER_WARN', 'resource.attributes["a"] == "b"'],
    });
}

function checkContext(condition: OttlCondition, allowed: readonly ContextName[]): OttlCondition {
  const { text, context } = condition;
  if (allowed.includes(context)) return condition;
  const message = `expected a condition on ${allowed.join(', ')}, found one on ${context}`;
  throw new OttlError(text, [{ offset: 0, length: text.length, message }]);
}

function compiled(text: string, issues: Issues, compile: () => OttlCondition): OttlCondition {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof OttlError)) throw error;
    for (const problem of error.problems) {
      const { offset, length } = problem;
      issues.addIssue({
        code: 'custom',
        message: describeProblem(text, problem),
        input: text,
        params: { offset, length },
      });
    }
    return z.NEVER;
  }
}
