import { z } from 'zod';
import { PatternError, safeRegExp } from '../../wire/index.ts';

/** A regular expression in RE2 syntax, as in the Collector. Comes out as a RegExp that cannot freeze the process. */
export function pattern() {
  return z
    .string()
    .min(1)
    .transform((value, context) => {
      try {
        return safeRegExp(value);
      } catch (error) {
        if (!(error instanceof PatternError)) throw error;
        context.addIssue({ code: 'custom', message: error.message, input: value });
        return z.NEVER;
      }
    })
    .meta({ format: 'regex', examples: ['^/api/(?P<version>v\\d+)/'] });
}
