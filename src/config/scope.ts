import type { Declared, Section } from './components.ts';
import type { Report } from './diagnostic.ts';
import type { Reference, Role, WrittenPipeline } from './pipelines.ts';
import type { Registry } from './registry.ts';

/** Everything that is defined, by section and id. */
export type Declarations = Readonly<Record<Section, ReadonlyMap<string, Declared>>>;

/** The whole configuration as written, for the checks that look across sections. */
export interface Scope {
  readonly declarations: Declarations;
  readonly pipelines: readonly WrittenPipeline[];
  /** What `service.extensions` lists. */
  readonly started: readonly Reference[];
  readonly registry: Registry;
  readonly report: Report;
  /** What something refers to, rightly or by a mistake that has been reported. */
  readonly mentioned: Set<Declared>;
}

/** Where a role of a pipeline looks its components up. */
export const homes: Readonly<Record<Role, readonly Section[]>> = {
  receivers: ['receivers', 'connectors'],
  processors: ['processors'],
  exporters: ['exporters', 'connectors'],
};

export function lookUp(declarations: Declarations, sections: readonly Section[], id: string): Declared | undefined {
  return sections.map((section) => declarations[section].get(id)).find((found) => found !== undefined);
}
