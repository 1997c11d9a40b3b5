import { z } from 'zod';
import { parseTemplate, type TemplateOptions } from '../template/index.ts';

/** A text with places for attributes and parts of a time, as `parseTemplate` reads it. */
export function template(options?: TemplateOptions) {
  return z
    .string()
    .transform((value, context) => {
      try {
        return parseTemplate(value, options);
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message, input: value });
        return z.NEVER;
      }
    })
    .meta({ examples: ['{service.name}/%Y-%m-%d', '{k8s.namespace.name|default}'] });
}
