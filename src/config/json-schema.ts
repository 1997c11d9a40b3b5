import { z } from 'zod';
import { exporterDelivery, type Definition } from '../plugin/index.ts';
import { sections } from './components.ts';
import { durationText } from './effective.ts';
import { loosened, type JsonSchema } from './loosened.ts';
import type { Registry } from './registry.ts';
import { formatOf, shapeOf } from './schema-walk.ts';
import { serviceSchema } from './service-schema.ts';

/**
 * One JSON Schema for a whole configuration, for completion and checks in editors. It describes what may be written:
 * `${…}` stands for any number or boolean, and nothing at all for a map with its defaults.
 */
export function jsonSchema(registry: Registry): object {
  const properties = Object.fromEntries(
    Object.entries(sections).map(([section, kind]) => {
      const patterns = registry.list(kind).flatMap((definition) => componentPatterns(definition));
      return [
        section,
        {
          type: ['object', 'null'],
          description: `${section} by id: type, or type/name.`,
          patternProperties: Object.fromEntries(patterns),
          additionalProperties: false,
        },
      ] as const;
    }),
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Sluice configuration',
    type: 'object',
    properties: {
      plugins: {
        type: 'array',
        items: { type: 'string' },
        description: 'Plugins to load: paths, or names of packages.',
      },
      ...properties,
      service: loosened(toJson(serviceSchema)),
    },
    required: ['service'],
    additionalProperties: false,
    definitions: {
      reference: {
        type: 'string',
        pattern: '\\$\\{.+\\}',
        description: '${env:NAME}, ${env:NAME:-default} or ${file:path}.',
      },
    },
  };
}

function componentPatterns(definition: Definition): (readonly [string, JsonSchema])[] {
  const schema = { ...loosened(withDelivery(definition)), description: definition.summary };
  const current = [`^${definition.type}(/.+)?$`, schema] as const;
  if (definition.aliases.length === 0) return [current];
  const earlier = `^(${definition.aliases.join('|')})(/.+)?$`;
  return [current, [earlier, { ...schema, deprecated: true, deprecationMessage: `use ${definition.type}` }]];
}

function withDelivery(definition: Definition): JsonSchema {
  const own = toJson(definition.config);
  if (definition.kind !== 'exporter' || definition.delivery === 'direct') return own;
  const delivery = toJson(z.strictObject(exporterDelivery(definition.timeout ?? '5s')));
  return { ...own, properties: { ...asObject(delivery['properties']), ...asObject(own['properties']) } };
}

function toJson(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    cycles: 'ref',
    reused: 'inline',
    override: ({ zodSchema, jsonSchema: json }) => {
      // Where input and output differ, zod leaves the default out; numbers can be written as input again.
      const def = shapeOf(zodSchema);
      if (def.type !== 'default' || json.default !== undefined || typeof def.defaultValue !== 'number') return;
      json.default = formatOf([zodSchema]) === 'duration' ? durationText(def.defaultValue) : def.defaultValue;
    },
  });
  return rest;
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
