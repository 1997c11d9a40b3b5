import { z } from 'zod';
import { pointAt } from './node.ts';
import type { Report } from './diagnostic.ts';
import { toInput } from './input.ts';
import { interpreted } from './interpreted.ts';
import { reportIssues, type Subject } from './issues.ts';

/** What a schema makes of a part of the configuration; undefined, with all reasons reported, where it does not fit. */
export function validate(subject: Subject, report: Report): { readonly output: unknown } | undefined {
  // A component with nothing behind its id has all its defaults.
  const input = toInput(subject.node, [subject.schema]) ?? {};
  try {
    const result = z.safeParse(subject.schema, input, interpreted);
    if (result.success) return { output: result.data };
    reportIssues(subject, result.error.issues, report);
  } catch (error) {
    // A transformation of a plugin's schema threw instead of adding an issue.
    const reason = error instanceof Error ? error.message : String(error);
    report.error(
      'invalid-value',
      pointAt({ node: subject.node, keyPlace: subject.key, exact: true }),
      `${subject.name}: ${reason}`,
    );
  }
  return undefined;
}
