import { z } from 'zod';
import {
  Attributes,
  type AnyValue,
  type Change,
  type Condition,
  type Source,
  type Step,
  type Target,
} from '../../wire/index.ts';
import { pattern } from './pattern.ts';

/** A value as YAML has it: text, number, bool, list or map. */
const yamlValue: z.ZodType<YamlValue> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.array(yamlValue), z.record(z.string(), yamlValue)]),
);
type YamlValue = string | number | boolean | YamlValue[] | { [key: string]: YamlValue };

/** What a value from YAML is in OTLP: whole numbers are ints, other numbers doubles. */
export function configValue(value: YamlValue): AnyValue {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(configValue);
  return Attributes.from(Object.entries(value).map(([key, each]) => [key, configValue(each)]));
}

const names = ['insert', 'update', 'upsert', 'delete', 'hash', 'extract', 'convert'] as const;

const fields = z.strictObject({
  key: z.string().min(1).optional().describe('The attribute to act upon.'),
  action: z
    .preprocess((value) => (typeof value === 'string' ? value.toLowerCase() : value), z.enum(names))
    .describe(
      'insert: where absent; update: where present; upsert: always; delete; hash: SHA-256; extract: by pattern; convert: to another type.',
    ),
  value: yamlValue.optional().describe('The value to set. Whole numbers become ints, other numbers doubles.'),
  from_attribute: z
    .string()
    .min(1)
    .optional()
    .describe('The attribute to take the value from; without it nothing happens.'),
  from_context: z
    .string()
    .min(1)
    .optional()
    .describe(
      'What the request brought along: `metadata.NAME` (a header), `client.address`, `auth.subject` or `auth.tenant`.',
    ),
  pattern: pattern()
    .optional()
    .describe(
      'For delete and hash: matches keys. For extract: matches the value, and each named group becomes an attribute.',
    ),
  converted_type: z.enum(['int', 'double', 'string']).optional().describe('For convert: the type to convert to.'),
});

type Fields = z.output<typeof fields>;
type Option = Exclude<keyof Fields, 'action' | 'key'>;

const sources = ['value', 'from_attribute', 'from_context'] as const satisfies readonly Option[];

/** The options that an action takes beside `key`. */
const takes: Readonly<Record<(typeof names)[number], readonly Option[]>> = {
  insert: sources,
  update: sources,
  upsert: sources,
  delete: ['pattern'],
  hash: ['pattern'],
  extract: ['pattern'],
  convert: ['converted_type'],
};

/** An action of the `attributes` and `resource` processors. */
const attributeAction = fields.superRefine((action, context) => {
  const complain = (path: keyof Fields, message: string): void =>
    context.addIssue({ code: 'custom', path: [path], message });
  const byPattern = action.action === 'delete' || action.action === 'hash';
  if (action.key === undefined && !byPattern) complain('key', `${action.action} needs a key`);
  if (action.key === undefined && byPattern && action.pattern === undefined)
    complain('key', `${action.action} needs a key or a pattern`);
  for (const option of [...sources, 'pattern', 'converted_type'] as const) {
    if (action[option] !== undefined && !takes[action.action].includes(option))
      complain(option, `${action.action} does not take ${option}`);
  }
  if (takes[action.action] === sources) checkSources(action, complain);
  if (action.action === 'extract') checkGroups(action.pattern, complain);
  if (action.action === 'convert' && action.converted_type === undefined)
    complain('converted_type', 'convert needs a converted_type: int, double or string');
  if (action.from_context !== undefined && contextSource(action.from_context) === undefined) {
    complain('from_context', `${action.from_context} is not known; requests carry auth.subject and auth.tenant`);
  }
});

type Complain = (path: keyof Fields, message: string) => void;

function checkSources(action: Fields, complain: Complain): void {
  const given = sources.filter((source) => action[source] !== undefined);
  if (given.length === 0) complain('action', `${action.action} needs one of value, from_attribute and from_context`);
  if (given.length > 1)
    complain(
      given[1] as Option,
      `${action.action} takes only one of value, from_attribute and from_context; found ${given.join(' and ')}`,
    );
}

function checkGroups(matcher: RegExp | undefined, complain: Complain): void {
  if (matcher === undefined) return complain('pattern', 'extract needs a pattern');
  const all = (new RegExp(`${matcher.source}|`, matcher.flags).exec('')?.length ?? 1) - 1;
  const named = Object.keys(new RegExp(`${matcher.source}|`, matcher.flags).exec('')?.groups ?? {}).length;
  if (named === 0) complain('pattern', 'extract needs named groups: (?P<name>…)');
  else if (named < all)
    complain('pattern', `${all - named} of the ${all} groups have no name; write (?P<name>…) or (?:…)`);
}

export const attributeActions = z.array(attributeAction).min(1).describe('What to do with attributes, in this order.');

export type AttributeAction = z.output<typeof attributeAction>;

/** The steps of a list of actions on one target. With a condition, it decides once for all of them. */
export function actionSteps(actions: readonly AttributeAction[], on: Target, when?: Condition): Step[] {
  const changes = actions.map((action) => changeOf(action, on));
  return when === undefined ? changes : [{ do: 'if', on, when, steps: changes }];
}

function changeOf(action: AttributeAction, on: Target): Change {
  const key = action.key as string;
  switch (action.action) {
    case 'insert':
    case 'update':
    case 'upsert':
      return { do: action.action, on, key, from: sourceOf(action, on) };
    case 'delete':
    case 'hash':
      return {
        do: action.action,
        on,
        ...(action.key !== undefined && { key }),
        ...(action.pattern !== undefined && { pattern: action.pattern }),
      };
    case 'extract':
      return { do: 'extract', on, key, pattern: action.pattern as RegExp };
    case 'convert':
      return { do: 'convert', on, key, to: action.converted_type as 'int' | 'double' | 'string' };
    // no default
  }
}

function sourceOf(action: AttributeAction, on: Target): Source {
  if (action.value !== undefined) return { value: configValue(action.value) };
  if (action.from_attribute !== undefined) return { attribute: action.from_attribute, of: on };
  return contextSource(action.from_context as string) as Source;
}

const authSources: ReadonlyMap<string, Source> = new Map([
  ['auth.subject', { meta: 'identity' }],
  ['auth.username', { meta: 'identity' }],
  ['auth.tenant', { meta: 'tenant' }],
  ['client.address', { meta: 'peer_host' }],
]);

/** Undefined where no request has such a thing. A name without a prefix is a header, as it once was in the Collector. */
function contextSource(name: string): Source | undefined {
  const known = authSources.get(name);
  if (known !== undefined || name.startsWith('auth.')) return known;
  return { header: name.replace(/^metadata\./, '').toLowerCase() };
}
