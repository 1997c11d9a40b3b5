import { parseTemplate, z, type Template } from 'sluice/plugin';

/** A template of times only: which attributes an object has is not known before it is read. */
export function partitionFormat() {
  return z.string().transform((value, context) => {
    const fault = (message: string): never => {
      context.addIssue({ code: 'custom', message, input: value });
      return z.NEVER;
    };
    try {
      const template = parseTemplate(value);
      if (template.places.length > 0) return fault('a partition to read cannot depend on attributes');
      if (/%[Ss]/.test(value)) return fault('a partition to read is at least a minute long: %S and %s are too fine');
      return template;
    } catch (error) {
      return fault((error as Error).message);
    }
  });
}

const hour = 'year=%Y/month=%m/day=%d/hour=%H';
const formats: Readonly<Record<'minute' | 'hour', Template>> = {
  minute: parseTemplate(`${hour}/minute=%M`),
  hour: parseTemplate(hour),
};

/** The format that goes with a length of partitions. */
export function usualFormat(partition: 'minute' | 'hour'): Template {
  return formats[partition];
}
