import type { z } from 'zod';
import { expectation } from './expected.ts';
import { listed } from './ids.ts';

type Issue = z.core.$ZodIssue;

/** What to tell of a value that fits no branch of a union. */
type Best =
  | { readonly kind: 'issues'; readonly issues: readonly Issue[] }
  /** No branch even has the right type: what any of them would take. */
  | { readonly kind: 'expected'; readonly expected: string }
  /** The field that chooses the branch has none of these values. */
  | { readonly kind: 'discriminator'; readonly options: readonly unknown[] };

/** Picks the branch that the user most likely meant: of the right type, with the fewest mistakes. */
export function bestBranch(issue: z.core.$ZodIssueInvalidUnion): Best {
  const branches: readonly (readonly Issue[])[] = issue.errors;
  if (branches.length === 0)
    return { kind: 'discriminator', options: 'options' in issue && Array.isArray(issue.options) ? issue.options : [] };
  const close = branches.filter((issues) => !issues.some((one) => one.path.length === 0 && isTypeIssue(one)));
  const ranked = close.toSorted((a, b) => weight(a) - weight(b));
  const best = ranked[0];
  if (best !== undefined) return { kind: 'issues', issues: best };
  const expected = new Set(branches.flatMap((issues) => issues.map(expectation).filter((text) => text !== undefined)));
  return { kind: 'expected', expected: listed([...expected], 'or') };
}

function isTypeIssue(issue: Issue): boolean {
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

/** Unknown and missing fields speak against a branch more than wrong values in it. */
function weight(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? 3 * issue.keys.length : 2), 0);
}
