import { dataPointFields } from './data-point.ts';
import type { Fields } from './field.ts';
import { logFields } from './log.ts';
import { metricFields } from './metric.ts';
import { resourceFields } from './resource.ts';
import { scopeFields } from './scope.ts';
import { spanEventFields } from './span-event.ts';
import { spanFields } from './span.ts';

/** What an expression is about. */
export type ContextName = 'resource' | 'scope' | 'log' | 'span' | 'spanevent' | 'metric' | 'datapoint';

export interface PathContext {
  readonly name: ContextName;
  readonly fields: Fields;
  /** The contexts around it, from the inside out. */
  readonly around: readonly ContextName[];
  /** Fields that OTTL has and Sluice does not read yet. */
  readonly missing: readonly string[];
}

export const contexts: ReadonlyMap<ContextName, PathContext> = new Map(
  (
    [
      ['resource', resourceFields, [], ['schema_url', 'cache']],
      ['scope', scopeFields, ['resource'], ['schema_url', 'cache']],
      ['log', logFields, ['scope', 'resource'], ['cache']],
      ['span', spanFields, ['scope', 'resource'], ['cache']],
      ['spanevent', spanEventFields, ['span', 'scope', 'resource'], ['cache']],
      ['metric', metricFields, ['scope', 'resource'], ['cache']],
      ['datapoint', dataPointFields, ['metric', 'scope', 'resource'], ['cache']],
    ] as const
  ).map(([name, fields, around, missing]) => [name, { name, fields, around, missing }]),
);

/** The context that a first name of a path stands for; undefined where it is none. */
export function contextNamed(name: string): ContextName | undefined {
  const canonical = name === 'instrumentation_scope' ? 'scope' : name;
  return contexts.has(canonical as ContextName) ? (canonical as ContextName) : undefined;
}

/** Contexts of OTTL that Sluice has no signal for. */
export const foreignContexts: ReadonlySet<string> = new Set(['profile', 'profilesample']);
