import type { RecordScan } from 'sluice/plugin';
import type { Candidate, Demotion, Guard, Stream } from './guard.ts';
import { labelName } from './label-name.ts';
import { variesByRecord, type Source } from './sources.ts';
import { valueOf } from './values.ts';

/** What a combination of values came to. */
export interface Resolved<Extra> {
  readonly stream: Stream;
  readonly demoted: readonly {
    readonly name: string;
    readonly value: string;
    readonly reason: Demotion | 'same_name';
  }[];
  /** What the caller keeps with it. */
  readonly extra: Extra;
}

/** Finds the stream of each record. Work for one resource, one scope and one combination of values is done once a batch. */
export class Resolver<Extra> {
  private readonly scan: RecordScan;
  private readonly guard: Guard;
  private readonly sources: readonly Source[];
  private readonly varying: readonly Source[];
  private readonly extraOf: (resolved: Omit<Resolved<Extra>, 'extra'>) => Extra;
  private readonly known = new Map<string, Resolved<Extra>>();
  private only: Resolved<Extra> | undefined;
  private resource = -1;
  private scope = -1;

  /** `extraOf` makes what is kept with a combination of values. */
  constructor(
    scan: RecordScan,
    guard: Guard,
    sources: readonly Source[],
    extraOf: (resolved: Omit<Resolved<Extra>, 'extra'>) => Extra,
  ) {
    this.scan = scan;
    this.guard = guard;
    this.sources = sources;
    this.varying = sources.filter(variesByRecord);
    this.extraOf = extraOf;
  }

  /** A new batch. */
  begin(): void {
    this.resource = this.scope = -1;
    this.only = undefined;
    this.known.clear();
  }

  /** The stream of the record at which the scan stands. `timeMs` is the time of the record. */
  resolve(timeMs: number): Resolved<Extra> {
    const { scan } = this;
    if (scan.resourceIndex !== this.resource || scan.scopeIndex !== this.scope) {
      this.begin();
      this.resource = scan.resourceIndex;
      this.scope = scan.scopeIndex;
    }
    if (this.varying.length === 0) return (this.only ??= this.find(timeMs));
    let key = '';
    for (const source of this.varying) {
      const value = valueOf(scan, source, timeMs);
      key += value === undefined ? '-' : `${value.length}:${value}`;
    }
    let resolved = this.known.get(key);
    if (resolved === undefined) {
      resolved = this.find(timeMs);
      this.known.set(key, resolved);
    }
    return resolved;
  }

  private find(timeMs: number): Resolved<Extra> {
    const candidates: Candidate[] = [];
    const hidden: Resolved<Extra>['demoted'][number][] = [];
    const names = new Map<string, string>();
    for (const source of this.sources) {
      const value = valueOf(this.scan, source, timeMs);
      if (value === undefined) continue;
      const other = names.get(source.label);
      if (other === undefined) {
        names.set(source.label, value);
        candidates.push({ name: source.label, value, fixed: source.from === 'static' });
      } else if (other !== value) hidden.push({ name: secondName(source), value, reason: 'same_name' });
    }
    const { stream, demoted } = this.guard.admit(candidates);
    const found = { stream, demoted: [...demoted, ...hidden] };
    return { ...found, extra: this.extraOf(found) };
  }
}

/** Where the name of a label is taken, the value goes by that of its attribute, or by the one that Loki gives such. */
function secondName(source: Source): string {
  const own = 'key' in source ? labelName(source.key.name) : source.label;
  return own === source.label ? `${own}_extracted` : own;
}
