import { configValue, pattern, safeRegExp, z, type Condition, type Signal, type Subject } from 'sluice/plugin';

const texts = (description: string) => z.array(z.string()).default([]).describe(description);

const attribute = z.strictObject({
  key: z.string().min(1).describe('The key that must be there.'),
  value: z
    .union([z.string(), z.number(), z.boolean()])
    .optional()
    .describe('Its value; a pattern with `match_type: regexp`. Left out: any.'),
});

/** `include` and `exclude`: all that is given must match, and of a list of names one. */
export const matchProperties = z
  .strictObject({
    match_type: z.enum(['strict', 'regexp']).describe('Whether the names below are whole names or patterns.'),
    regexp: z
      .strictObject({
        cacheenabled: z.boolean().default(false).describe('Taken for compatibility; nothing is cached.'),
        cachemaxnumentries: z
          .number()
          .int()
          .nonnegative()
          .default(0)
          .describe('Taken for compatibility; nothing is cached.'),
      })
      .optional()
      .describe('Details of `match_type: regexp`.'),
    services: texts('Service names. For spans.'),
    span_names: texts('Span names. For spans.'),
    span_kinds: texts('Span kinds, such as SPAN_KIND_SERVER. For spans.'),
    log_bodies: texts('Bodies of log records; text only. For logs.'),
    log_severity_texts: texts('Severity texts. For logs.'),
    log_severity_number: z
      .strictObject({
        min: z
          .number()
          .int()
          .describe('The lowest severity that matches: 1 TRACE, 5 DEBUG, 9 INFO, 13 WARN, 17 ERROR, 21 FATAL.'),
        match_undefined: z.boolean().default(false).describe('Whether records without a severity match.'),
      })
      .optional()
      .describe('Severity numbers. For logs.'),
    metric_names: texts('Metric names. For metrics.'),
    attributes: z.array(attribute).default([]).describe('Attributes of the record; each must match.'),
    resources: z.array(attribute).default([]).describe('Attributes of the resource; each must match.'),
    libraries: z
      .array(
        z.strictObject({
          name: z.string().describe('Name of the instrumentation scope.'),
          version: z.string().optional().describe('Its version; empty means without a version. Left out: any.'),
        }),
      )
      .default([])
      .describe('Instrumentation scopes; each must match.'),
  })
  .superRefine((properties, context) => {
    if (
      Object.entries(properties).every(([key, value]) => key === 'match_type' || key === 'regexp' || isEmpty(value))
    ) {
      context.addIssue({
        code: 'custom',
        message: 'nothing to match; give at least one of services, span_names, attributes, resources, …',
      });
    }
    if (properties.match_type === 'regexp') checkPatterns(properties, context);
    else checkKinds(properties.span_kinds, context);
  });

export type MatchProperties = z.output<typeof matchProperties>;

const kinds = [
  'SPAN_KIND_INTERNAL',
  'SPAN_KIND_SERVER',
  'SPAN_KIND_CLIENT',
  'SPAN_KIND_PRODUCER',
  'SPAN_KIND_CONSUMER',
];
const kindNames = ['SPAN_KIND_UNSPECIFIED', ...kinds];
const lists = ['services', 'span_names', 'span_kinds', 'log_bodies', 'log_severity_texts', 'metric_names'] as const;

function isEmpty(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

type Context = { addIssue(issue: { code: 'custom'; path: (string | number)[]; message: string }): void };

function checkKinds(names: readonly string[], context: Context): void {
  for (const [i, name] of names.entries()) {
    if (!kinds.includes(name))
      context.addIssue({
        code: 'custom',
        path: ['span_kinds', i],
        message: `${name} is no span kind; expected one of ${kinds.join(', ')}`,
      });
  }
}

/** Everything that is a pattern, with its path. */
function checkPatterns(
  properties: Readonly<Record<(typeof lists)[number], readonly string[]>> &
    Pick<MatchProperties, 'attributes' | 'resources' | 'libraries'>,
  context: Context,
): void {
  const check = (path: (string | number)[], value: unknown): void => {
    const found = typeof value === 'string' ? pattern().safeParse(value) : undefined;
    if (value === undefined || value === '' || found?.success === true) return;
    context.addIssue({
      code: 'custom',
      path,
      message: found?.error?.issues[0]?.message ?? 'a pattern is a text with `match_type: regexp`',
    });
  };
  for (const list of lists) for (const [i, value] of properties[list].entries()) check([list, i], value);
  for (const list of ['attributes', 'resources'] as const)
    for (const [i, { value }] of properties[list].entries()) check([list, i, 'value'], value);
  for (const [i, { name, version }] of properties.libraries.entries()) {
    check(['libraries', i, 'name'], name);
    check(['libraries', i, 'version'], version);
  }
}

/** Whether a record matches. What is not about the signal never matches. */
export function matchCondition(properties: MatchProperties, signal: Signal): Condition {
  const isPattern = properties.match_type === 'regexp';
  const equalsOrMatches = (subject: Subject, value: string): Condition =>
    isPattern ? { matches: subject, pattern: safeRegExp(value) } : { equals: subject, value };
  const oneOf = (subject: Subject, names: readonly string[]): Condition[] =>
    names.length === 0 ? [] : [{ any: names.map((name) => equalsOrMatches(subject, name)) }];
  const attributes = (of: 'record' | 'resource', list: MatchProperties['attributes']): Condition[] =>
    list.map(({ key, value }): Condition => {
      const subject: Subject = { attribute: key, of };
      if (value === undefined) return { exists: subject };
      return isPattern
        ? equalsOrMatches(subject, String(value))
        : { equals: subject, value: configValue(value) as string | bigint | number | boolean };
    });
  return {
    all: [
      ...oneOf({ attribute: 'service.name', of: 'resource' }, properties.services),
      ...oneOf({ field: 'name' }, signal === 'traces' ? properties.span_names : []),
      ...neverOutside('traces', signal, properties.span_names),
      ...spanKinds(properties.span_kinds, isPattern),
      ...oneOf({ field: 'body' }, properties.log_bodies),
      ...oneOf({ field: 'severity_text' }, properties.log_severity_texts),
      ...severity(properties.log_severity_number),
      ...oneOf({ field: 'name' }, signal === 'metrics' ? properties.metric_names : []),
      ...neverOutside('metrics', signal, properties.metric_names),
      ...attributes('record', properties.attributes),
      ...attributes('resource', properties.resources),
      ...properties.libraries.flatMap(({ name, version }) => [
        equalsOrMatches({ field: 'scope_name' }, name),
        ...(version === undefined ? [] : [equalsOrMatches({ field: 'scope_version' }, version)]),
      ]),
    ],
  };
}

const never: Condition = { any: [] };

/** `name` is a span's name or a metric's: only one of the two lists can be meant. */
function neverOutside(own: Signal, signal: Signal, names: readonly string[]): Condition[] {
  return names.length === 0 || own === signal ? [] : [never];
}

function spanKinds(names: readonly string[], isPattern: boolean): Condition[] {
  if (names.length === 0) return [];
  const matching = kindNames.flatMap((kind, number) => {
    const matches = names.some((name) => (isPattern ? safeRegExp(name).test(kind) : name === kind));
    return matches ? [{ equals: { field: 'kind' as const }, value: number }] : [];
  });
  return [{ any: matching }];
}

function severity(bounds: MatchProperties['log_severity_number']): Condition[] {
  if (bounds === undefined) return [];
  const subject: Subject = { field: 'severity_number' };
  const unset: Condition = { equals: subject, value: 0 };
  const enough: Condition = { all: [{ compare: subject, is: '>=', value: bounds.min }, { not: unset }] };
  return [bounds.match_undefined ? { any: [unset, enough] } : enough];
}
