import { pattern, safeRegExp, z, type Condition, type Subject } from 'sluice/plugin';
import { matchCondition, matchProperties } from '../attributes/match.ts';

const names = (description: string) => z.array(z.string()).default([]).describe(description);

const attributes = (description: string) =>
  z
    .array(
      z.strictObject({
        key: z.string().min(1).describe('The key that must be there.'),
        value: z
          .union([z.string(), z.number(), z.boolean()])
          .optional()
          .describe('Its value; a pattern with `match_type: regexp`. Left out: any.'),
      }),
    )
    .default([])
    .describe(description);

const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const severities = new Map(
  levels
    .flatMap((level) => [level, `${level}2`, `${level}3`, `${level}4`])
    .flatMap((name, i): [string, number][] => [
      [name, i + 1],
      [String(i + 1), i + 1],
    ]),
);

const severity = z.union([z.string(), z.number()]).transform((value, context) => {
  const number = severities.get(String(value).toUpperCase());
  if (number !== undefined) return number;
  context.addIssue({
    code: 'custom',
    message: `${value} is no severity; expected TRACE to FATAL4, or 1 to 24`,
    input: value,
  });
  return z.NEVER;
});

type MatchInput = z.input<typeof matchProperties>;

/** `include` and `exclude` of log records: all that is given must match. */
export const logProperties = z
  .strictObject({
    match_type: z.enum(['strict', 'regexp']).describe('Whether the names below are whole names or patterns.'),
    resource_attributes: attributes('Attributes of the resource; each must match.'),
    record_attributes: attributes('Attributes of the log record; each must match.'),
    severity_texts: names('Severity texts; one must match.'),
    severity_number: z
      .strictObject({
        min: severity.describe('The lowest severity that matches: INFO, WARN2, 17.'),
        match_undefined: z.boolean().default(false).describe('Whether records without a severity match.'),
      })
      .optional()
      .describe('Severity numbers.'),
    bodies: names('Bodies; text only, one must match.'),
  })
  .transform((options, context) => {
    const input: MatchInput = {
      match_type: options.match_type,
      resources: options.resource_attributes,
      attributes: options.record_attributes,
      log_severity_texts: options.severity_texts,
      log_bodies: options.bodies,
      ...(options.severity_number !== undefined && { log_severity_number: options.severity_number }),
    };
    const checked = matchProperties.safeParse(input);
    if (checked.success) return matchCondition(checked.data, 'logs');
    for (const { message, path } of checked.error.issues) {
      context.addIssue({ code: 'custom', message, path: path.map((part) => ownNames.get(part) ?? part) });
    }
    return z.NEVER;
  });

/** What the options of `attributes` are called here. */
const ownNames: ReadonlyMap<PropertyKey, string> = new Map([
  ['resources', 'resource_attributes'],
  ['attributes', 'record_attributes'],
  ['log_severity_texts', 'severity_texts'],
  ['log_bodies', 'bodies'],
]);

/** `include` and `exclude` of metrics: names and resources are looked at one by one. */
export const metricProperties = z
  .strictObject({
    match_type: z.enum(['strict', 'regexp', 'expr']).describe('Whether the names below are whole names or patterns.'),
    metric_names: names('Metric names; one must match.'),
    resource_attributes: attributes('Attributes of the resource; each must match.'),
    expressions: names('Not supported; write OTTL conditions.'),
  })
  .superRefine(({ match_type, expressions, metric_names, resource_attributes }, context) => {
    const complain = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    if (match_type === 'expr' || expressions.length > 0) {
      return complain(['match_type'], 'expr is not supported; write OTTL conditions under metric and datapoint');
    }
    if (match_type !== 'regexp') return;
    const values = [
      ...metric_names.map((value, i) => ({ path: ['metric_names', i], value })),
      ...resource_attributes.map(({ value }, i) => ({ path: ['resource_attributes', i, 'value'], value })),
    ];
    for (const { path, value } of values) {
      if (value === undefined || value === '') continue;
      const found = typeof value === 'string' ? pattern().safeParse(value) : undefined;
      if (found?.success !== true) complain(path, found?.error?.issues[0]?.message ?? 'a pattern is a text');
    }
  });

type MetricProperties = z.output<typeof metricProperties>;

/** The parts of what has to match; each decides by itself. */
export function metricConditions({ match_type, metric_names, resource_attributes }: MetricProperties): Condition[] {
  const one = (subject: Subject, value: string): Condition =>
    match_type === 'regexp' ? { matches: subject, pattern: safeRegExp(value) } : { equals: subject, value };
  const byName = metric_names.map((name) => one({ field: 'name' }, name));
  const byResource = resource_attributes.map(({ key, value }): Condition => {
    const subject: Subject = { attribute: key, of: 'resource' };
    if (value === undefined) return { exists: subject };
    if (typeof value === 'string') return one(subject, value);
    return { equals: subject, value: Number.isSafeInteger(value) ? BigInt(value) : value };
  });
  return [...(byName.length > 0 ? [{ any: byName }] : []), ...(byResource.length > 0 ? [{ all: byResource }] : [])];
}
