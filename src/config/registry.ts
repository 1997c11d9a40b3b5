import type { Definition, Kind } from '../plugin/index.ts';
import { nearest } from './near.ts';

/** A definition, and whether it was asked for under an earlier name. */
export interface Found {
  readonly definition: Definition;
  readonly deprecated: boolean;
}

/** The components that a configuration may use, by kind and type. Immutable. */
export class Registry {
  readonly #byKind = new Map<Kind, Map<string, Found>>();
  readonly #definitions: readonly Definition[];

  /** Throws where two definitions of a kind share a type or an alias. */
  constructor(definitions: readonly Definition[]) {
    this.#definitions = definitions;
    for (const definition of definitions) {
      this.#add(definition.type, { definition, deprecated: false });
      for (const alias of definition.aliases) this.#add(alias, { definition, deprecated: true });
    }
  }

  #add(type: string, found: Found): void {
    const { kind } = found.definition;
    const types = this.#byKind.get(kind) ?? new Map<string, Found>();
    this.#byKind.set(kind, types);
    if (types.has(type)) throw new Error(`two definitions of the ${kind} "${type}"`);
    types.set(type, found);
  }

  find(kind: Kind, type: string): Found | undefined {
    return this.#byKind.get(kind)?.get(type);
  }

  /** All definitions in the order they were given, of one kind or of all. */
  list(kind?: Kind): readonly Definition[] {
    return kind === undefined ? this.#definitions : this.#definitions.filter((definition) => definition.kind === kind);
  }

  /** The kinds that have a component of this type. */
  kindsOf(type: string): readonly Kind[] {
    return [...this.#byKind].filter(([, types]) => types.has(type)).map(([kind]) => kind);
  }

  /** The type of this kind that was probably meant; never an earlier name. */
  nearest(kind: Kind, type: string): string | undefined {
    const name = nearest(type, this.#byKind.get(kind)?.keys() ?? []);
    return name === undefined ? undefined : this.find(kind, name)?.definition.type;
  }
}

export function createRegistry(definitions: readonly Definition[]): Registry {
  return new Registry(definitions);
}
