import type { Definition, Kind } from '../../plugin/index.ts';

/** The functions of which a definition of each kind has one. */
const functions: Readonly<Record<Kind, readonly string[]>> = {
  receiver: ['start'],
  processor: ['record', 'edit', 'operator'],
  exporter: ['start'],
  connector: ['connect'],
  extension: ['start'],
};

/** The definitions that a plugin's default export holds. Throws an Error that says what is wrong with it. */
export function definitionsOf(exported: unknown): readonly Definition[] {
  if (exported === undefined)
    throw new Error('it has no default export; a plugin ends with `export default defineProcessor({ … })`');
  const list: readonly unknown[] = Array.isArray(exported) ? exported : [exported];
  if (list.length === 0) throw new Error('its default export is an empty list');
  for (const [index, one] of list.entries()) {
    const fault = faultOf(one);
    if (fault !== undefined)
      throw new Error(
        `${Array.isArray(exported) ? `item ${index + 1} of its default export` : 'its default export'} ${fault}`,
      );
  }
  return list as readonly Definition[];
}

function faultOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null)
    return `is ${describe(value)}, not a component; make one with defineProcessor, defineExporter and the like`;
  const { kind, type, summary, config, aliases, ...rest } = value as Readonly<Record<string, unknown>>;
  if (typeof kind !== 'string' || !Object.hasOwn(functions, kind)) {
    return `has the kind ${JSON.stringify(kind)}; make it with defineProcessor, defineExporter and the like`;
  }
  if (typeof type !== 'string' || !/^[a-z][a-z0-9_]*$/.test(type))
    return `has the type ${JSON.stringify(type)}; a type is snake_case`;
  if (typeof summary !== 'string' || summary === '') return `("${type}") has no summary`;
  if (!Array.isArray(aliases))
    return `("${type}") has no list of aliases; make it with define${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  if (typeof config !== 'object' || config === null || !('_zod' in config))
    return `("${type}") has no config that is a schema of zod 4`;
  const wanted = functions[kind as Kind];
  if (!wanted.some((name) => typeof rest[name] === 'function'))
    return `("${type}") lacks the function ${wanted.join(', or ')}`;
  return undefined;
}

function describe(value: unknown): string {
  return value === null ? 'null' : `a ${typeof value}`;
}
