import type { Meta } from '../batch.ts';
import { Attributes, type AnyValue } from '../codec/values.ts';
import { mapRecords } from '../codec/map-records.ts';
import { Resource, Scope, type Decoded } from '../codec/records.ts';
import { converted, hashed, plain } from './change.ts';
import { attributesOf, holds, type View } from './hold.ts';
import { groupNames, stateless } from './levels.ts';
import { metaText } from './sources.ts';
import type { Change, Condition, Source, Step } from './step.ts';

type ChangeStep = Exclude<Step, { readonly do: 'drop' }>;

export interface Applied {
  readonly dropped: number;
  /** Whether resources, scopes or records may differ from before. */
  readonly changed: boolean;
  /** Whether records may differ, or some were dropped. */
  readonly recordsChanged: boolean;
}

/** Runs steps over decoded telemetry, in place. What a plan does to bytes, this does to records. */
export function applySteps(decoded: Decoded, steps: readonly Step[], meta: Meta): Applied {
  let dropped = 0;
  let changed = false;
  let recordsChanged = false;
  for (const step of steps) {
    if (step.do === 'drop') dropped += dropWhere(decoded, step.when);
    else if (step.on === 'record') recordsChanged = changeRecords(decoded, step, meta) || recordsChanged;
    else changed = changeOuter(decoded, step, meta) || changed;
  }
  recordsChanged ||= dropped > 0;
  return { dropped, changed: changed || recordsChanged, recordsChanged };
}

/** Drops records, then what lost its last one. Returns how many records that were. */
function dropWhere(decoded: Decoded, when: Condition): number {
  let dropped = 0;
  mapRecords(decoded, (record, place) => {
    if (!holds(when, { place, record })) return record;
    dropped += 1;
    return undefined;
  });
  return dropped;
}

function changeRecords(decoded: Decoded, step: ChangeStep, meta: Meta): boolean {
  let changed = false;
  mapRecords(decoded, (record, place) => {
    changed = applyChange(step, { place, record }, meta) || changed;
    return record;
  });
  return changed;
}

/** A step on resources or scopes. One that the sender did not give joins the tree once it has attributes. */
function changeOuter(decoded: Decoded, step: ChangeStep, meta: Meta): boolean {
  let changed = false;
  for (const group of decoded.resources) {
    const resource = group.resource ?? new Resource();
    const scopeGroups = step.on === 'scope' ? group.scopes : [undefined];
    for (const scopes of scopeGroups) {
      const scope = scopes?.scope ?? new Scope();
      const place = { signal: decoded.signal, resource, scope, metric: undefined };
      if (!applyChange(step, { place, record: undefined }, meta)) continue;
      changed = true;
      if (scopes === undefined) group.resource = resource;
      else scopes.scope = scope;
    }
  }
  return changed;
}

function applyChange(step: ChangeStep, view: View, meta: Meta): boolean {
  if (step.when !== undefined && !holds(step.when, view)) return false;
  if (step.do !== 'if') return change(step, view, meta);
  return step.steps.map((each) => applyChange(each, view, meta)).includes(true);
}

/** Runs one step on one message; says whether that did anything. */
function change(step: Change, view: View, meta: Meta): boolean {
  const attributes = attributesOf(view, step.on);
  switch (step.do) {
    case 'insert':
    case 'update':
    case 'upsert': {
      if (step.do !== 'upsert' && attributes.has(step.key) !== (step.do === 'update')) return false;
      const value = sourceValue(step.from, view, meta);
      if (value !== undefined) attributes.set(step.key, value);
      return value !== undefined;
    }
    case 'delete':
      return matchingKeys(attributes, step.key, step.pattern).map((key) => attributes.delete(key)).length > 0;
    case 'hash': {
      const keys = matchingKeys(attributes, step.key, step.pattern);
      for (const key of keys) attributes.set(key, hashed(attributes.get(key)));
      return keys.length > 0;
    }
    case 'rename':
      return attributes.rename(step.key, step.to) && step.key !== step.to;
    case 'extract':
      return extract(attributes, step.key, stateless(step.pattern));
    case 'convert': {
      const value = attributes.has(step.key) ? converted(attributes.get(step.key), step.to) : undefined;
      if (value !== undefined) attributes.set(step.key, value);
      return value !== undefined;
    }
  }
}

function matchingKeys(attributes: Attributes, key: string | undefined, pattern: RegExp | undefined): string[] {
  const matcher = pattern === undefined ? undefined : stateless(pattern);
  const keys = new Set([...attributes].map(([each]) => each));
  return [...keys].filter((each) => each === key || matcher?.test(each) === true);
}

function extract(attributes: Attributes, key: string, pattern: RegExp): boolean {
  const value = plain(attributes.get(key));
  const groups = typeof value === 'string' ? pattern.exec(value)?.groups : undefined;
  if (groups === undefined) return false;
  for (const name of groupNames(pattern)) attributes.set(name, groups[name] ?? '');
  return true;
}

function sourceValue(from: Source, view: View, meta: Meta): AnyValue | undefined {
  if ('value' in from) return copyOf(from.value);
  if (!('attribute' in from)) return metaText(meta, from);
  const attributes = attributesOf(view, from.of);
  return attributes.has(from.attribute) ? copyOf(attributes.get(from.attribute) ?? null) : undefined;
}

/** Lists can be changed, so no two records may share one. */
function copyOf(value: AnyValue): AnyValue {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!(value instanceof Attributes)) return value;
  const copy = new Attributes();
  for (let i = 0; i < value.size; i++) {
    const item = value.valueAt(i);
    copy.append(value.keyAt(i), item === undefined ? undefined : copyOf(item), value.unknownAt(i));
  }
  return copy;
}
