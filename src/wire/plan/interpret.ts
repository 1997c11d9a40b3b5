import type { Meta } from '../batch.ts';
import type { Attributes, AnyValue } from '../codec/values.ts';
import { mapRecords } from '../codec/map-records.ts';
import { Resource, Scope, type Decoded, type Span } from '../codec/records.ts';
import { converted, copyOf, hashed, plain } from './change.ts';
import { DecodedEditable } from './decoded-editable.ts';
import { attributesOf, holds, type View } from './hold.ts';
import { groupNames, stateless } from './levels.ts';
import { metaText } from './sources.ts';
import type { Call, Change, Source, Step } from './step.ts';

type ChangeStep = Exclude<Step, Call | { readonly do: 'drop' }>;
/** What a step does to one message; says whether that was anything. */
type Apply = (view: View) => boolean;

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
    if (step.do === 'drop') dropped += dropWhere(decoded, (view) => holds(step.when, view));
    else if (step.on !== 'record') {
      const apply: Apply =
        step.do === 'call' ? (view) => call(step, view).changed : (view) => applyChange(step, view, meta);
      changed = changeOuter(decoded, step.on, apply) || changed;
    } else if (step.do !== 'call') recordsChanged = changeRecords(decoded, step, meta) || recordsChanged;
    else {
      dropped += dropWhere(decoded, (view) => {
        const result = call(step, view);
        recordsChanged ||= result.changed;
        return result.dropped;
      });
    }
  }
  recordsChanged ||= dropped > 0;
  return { dropped, changed: changed || recordsChanged, recordsChanged };
}

/** Drops records, then what lost its last one. Returns how many records that were. */
function dropWhere(decoded: Decoded, drops: Apply): number {
  let dropped = 0;
  mapRecords(decoded, (record, place) => {
    if (!drops({ place, record })) return record;
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
function changeOuter(decoded: Decoded, on: 'resource' | 'scope', apply: Apply): boolean {
  let changed = false;
  for (const group of decoded.resources) {
    const resource = group.resource ?? new Resource();
    const scopeGroups = on === 'scope' ? group.scopes : [undefined];
    for (const scopes of scopeGroups) {
      const scope = scopes?.scope ?? new Scope();
      const place = { signal: decoded.signal, resource, scope, metric: undefined };
      if (!apply({ place, record: undefined })) continue;
      changed = true;
      if (scopes === undefined) group.resource = resource;
      else scopes.scope = scope;
    }
  }
  return changed;
}

/** Calls the code of a step for one record, in place. False: it is to be dropped. */
export function applyCall(step: Call, view: View): boolean {
  return !call(step, view).dropped;
}

/** Calls the code of a step, and for spans that it goes through, for their events. */
function call(step: Call, view: View): { readonly changed: boolean; readonly dropped: boolean } {
  if (step.when !== undefined && !holds(step.when, view)) return { changed: false, dropped: false };
  const message = new DecodedEditable(step, view);
  if (step.call(message) === false && step.on === 'record') return { changed: false, dropped: true };
  let { changed } = message;
  if (step.all === true && step.on === 'record' && view.place.signal === 'traces') {
    for (const event of (view.record as Span).events) {
      const inner = new DecodedEditable({ ...step, fields: [], asks: [] }, view, event);
      step.call(inner);
      changed ||= inner.changed;
    }
  }
  return { changed, dropped: false };
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
