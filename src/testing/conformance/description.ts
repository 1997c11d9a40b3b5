import { z, type Definition } from '../../plugin/index.ts';
import { parseConfig } from '../configure.ts';
import type { Check, Conditions } from './types.ts';

/** Checks of what a definition says about its component, without starting it. */
export function descriptionChecks(definition: Definition, { config = {} }: Conditions): readonly Check[] {
  return [
    {
      name: 'its type is in snake_case',
      run: () => mustMatch('type', definition.type, /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/),
    },
    { name: 'its summary is one sentence', run: () => mustMatch('summary', definition.summary, /^[A-Z0-9].*[^.]\.$/) },
    { name: 'its configuration is valid', run: () => void parseConfig(definition, config) },
    { name: 'every option has a description', run: () => everyOptionIsDescribed(definition) },
    { name: 'an option that does not exist is refused', run: () => unknownOptionIsRefused(definition, config) },
    { name: 'options can be written as a JSON schema', run: () => void jsonSchema(definition) },
  ];
}

function mustMatch(what: string, text: string, pattern: RegExp): void {
  if (!pattern.test(text))
    throw new Error(`${what} is ${JSON.stringify(text)}, which does not match ${pattern.source}`);
}

function unknownOptionIsRefused(definition: Definition, config: unknown): void {
  const given = typeof config === 'object' && config !== null ? config : {};
  const { success } = definition.config.safeParse({ ...given, no_such_option: 1 });
  if (success) throw new Error('the option no_such_option was accepted; make the schema with z.strictObject');
}

interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

function jsonSchema(definition: Definition): JsonSchema {
  return z.toJSONSchema(definition.config, { io: 'input' }) as JsonSchema;
}

function everyOptionIsDescribed(definition: Definition): void {
  const missing = undescribed(jsonSchema(definition), '');
  if (missing.length > 0) throw new Error(`options without a description: ${missing.join(', ')}`);
}

/** The paths of all properties below a schema that have no description. */
function undescribed(schema: JsonSchema, path: string): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return property.description === undefined ? [at, ...undescribed(property, at)] : undescribed(property, at);
  });
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  const nested = [schema.items, schema.additionalProperties].flatMap((child) =>
    typeof child === 'object' ? [child] : [],
  );
  return [
    ...own,
    ...alternatives.flatMap((child) => undescribed(child, path)),
    ...nested.flatMap((child) => undescribed(child, `${path}[]`)),
  ];
}
