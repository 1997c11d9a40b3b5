import type { Candidate, Demotion, Guard, Stream } from './guard.ts';
import { labelName } from './label-name.ts';
import { variesByRecord, type Source } from './sources.ts';
import { valueOf, type Place } from './values.ts';

/** What a combination of values came to. */
export interface Resolved {
  readonly stream: Stream;
  readonly demoted: readonly Demoted[];
}

/** A label that is structured metadata instead. */
export interface Demoted {
  readonly name: string;
  readonly value: string;
  readonly reason: Demotion | 'same_name';
}

/** What the labels of records of one scope vary with: the level, the second of the time, values of attributes. */
export interface Varying {
  readonly level: boolean;
  readonly second: boolean;
  readonly attributes: readonly string[];
}

/** Finds the stream of a record. */
export class Resolver {
  readonly varying: Varying;
  private readonly guard: Guard;
  private readonly sources: readonly Source[];
  private readonly fixed: readonly Source[];
  /** Templates that vary may have any attribute of a scope in them, so that each is one of its own. */
  private readonly isShared: boolean;
  private readonly scopes = new Map<string, number>();
  private scopeCount = 0;

  constructor(guard: Guard, sources: readonly Source[]) {
    this.guard = guard;
    this.sources = sources;
    this.fixed = sources.filter((source) => !variesByRecord(source));
    const varying = sources.filter(variesByRecord);
    this.varying = varyingOf(varying);
    this.isShared = varying.every(({ from }) => from !== 'template');
  }

  /** Forgets the numbers of scopes. */
  forget(): void {
    this.scopes.clear();
  }

  /** A number that scopes share whose records have the same labels where the records vary in nothing. */
  scopeKey(place: Place): number {
    if (!this.isShared) return this.scopeCount++;
    let key = '';
    for (const source of this.fixed) {
      const value = valueOf(place, source, 0);
      key += value === undefined ? '-' : `${value.length}:${value}`;
    }
    let number = this.scopes.get(key);
    if (number === undefined) this.scopes.set(key, (number = this.scopeCount++));
    return number;
  }

  /** The stream of a record. `timeMs` is the time of the record. */
  find(place: Place, timeMs: number): Resolved {
    const candidates: Candidate[] = [];
    const hidden: Demoted[] = [];
    const names = new Map<string, string>();
    for (const source of this.sources) {
      const value = valueOf(place, source, timeMs);
      if (value === undefined) continue;
      const other = names.get(source.label);
      if (other === undefined) {
        names.set(source.label, value);
        candidates.push({ name: source.label, value, fixed: source.from === 'static' });
      } else if (other !== value) hidden.push({ name: secondName(source), value, reason: 'same_name' });
    }
    const { stream, demoted } = this.guard.admit(candidates);
    return { stream, demoted: [...demoted, ...hidden] };
  }
}

function varyingOf(sources: readonly Source[]): Varying {
  const attributes = new Set<string>();
  for (const source of sources) {
    if (source.from === 'record') attributes.add(source.key.name);
    if (source.from === 'template')
      for (const { of, key } of source.template.places) if (of !== 'resource') attributes.add(key);
  }
  return {
    level: sources.some(({ from }) => from === 'severity'),
    second: sources.some((source) => source.from === 'template' && source.template.timed),
    attributes: [...attributes],
  };
}

/** Where the name of a label is taken, the value goes by that of its attribute, or by the one that Loki gives such. */
function secondName(source: Source): string {
  const own = 'key' in source ? labelName(source.key.name) : source.label;
  return own === source.label ? `${own}_extracted` : own;
}
