import type { Signal } from '../batch.ts';
import type { CallField } from './editable.ts';
import type { Change, Condition, FieldName, Source, Step, Subject, Target } from './step.ts';

/** Messages that steps look at, from the outside in. Only metrics have `metric`. */
export const level = { resource: 0, scope: 1, metric: 2, record: 3 } as const;
export type Level = (typeof level)[keyof typeof level];
export const levels: readonly Level[] = [0, 1, 2, 3];

/** How far in one has to be to know what a subject is. */
export function levelOfSubject(signal: Signal, subject: Subject): Level {
  if ('attribute' in subject) return level[subject.of];
  if (subject.field === 'scope_name' || subject.field === 'scope_version') return level.scope;
  return subject.field === 'name' && signal === 'metrics' ? level.metric : level.record;
}

/** How far in one has to be to know whether a condition holds. */
export function levelOf(signal: Signal, condition: Condition): Level {
  return subjectsOf(condition).reduce<Level>((deepest, subject) => {
    const own = levelOfSubject(signal, subject);
    return own > deepest ? own : deepest;
  }, level.resource);
}

/** All that a condition looks at. */
export function subjectsOf(condition: Condition): Subject[] {
  if ('all' in condition) return condition.all.flatMap(subjectsOf);
  if ('any' in condition) return condition.any.flatMap(subjectsOf);
  if ('not' in condition) return subjectsOf(condition.not);
  if ('exists' in condition) return [condition.exists];
  if ('equals' in condition) return [condition.equals];
  return ['compare' in condition ? condition.compare : condition.matches];
}

/** What a step changes; dropping is a matter of the record. */
export function targetOf(step: Step): Target {
  return step.do === 'drop' ? 'record' : step.on;
}

/** The changes that a step makes, if it is not one itself. */
export function changesOf(step: Step): readonly Change[] {
  if (step.do === 'drop' || step.do === 'call') return [];
  return step.do === 'if' ? step.steps : [step];
}

/** The conditions that a step depends on, those of its changes included. */
export function conditionsOf(step: Step): Condition[] {
  const whens = [step, ...changesOf(step)].flatMap(({ when }) => when ?? []);
  return step.do === 'call' ? [...whens, ...(step.asks ?? [])] : whens;
}

/**
 * Throws RangeError where a step looks further in than it stands (a resource cannot depend on one of its records), where one
 * decision is about several targets, or where code asks for fields that are not there.
 */
export function checkPlacement(signal: Signal, steps: readonly Step[]): void {
  for (const [index, step] of steps.entries()) {
    const target = targetOf(step);
    const changes = changesOf(step);
    const conditions = conditionsOf(step).map((condition) => levelOf(signal, condition));
    const sources = changes.map((change) => ('from' in change ? levelOfSource(change.from) : level.resource));
    const deepest = Math.max(level.resource, ...conditions, ...sources);
    const where = `step ${index} (${step.do})`;
    if (deepest > level[target]) {
      throw new RangeError(`${where}: a change of the ${target} cannot depend on the ${Object.keys(level)[deepest]}`);
    }
    const other = changes.find(({ on }) => on !== target);
    if (other !== undefined)
      throw new RangeError(`${where}: a change of the ${other.on} among changes of the ${target}`);
    const absent = step.do === 'call' ? step.fields?.find((field) => !hasField(signal, target, field)) : undefined;
    if (absent !== undefined) throw new RangeError(`${where}: the ${target} of ${signal} has no field ${absent}`);
  }
}

function hasField(signal: Signal, target: Target, field: CallField): boolean {
  return target === 'record' && signal !== 'metrics' && fieldsOfSignal[signal][field] !== undefined;
}

function levelOfSource(source: Source): Level {
  return 'attribute' in source ? level[source.of] : level.resource;
}

/** The names of the groups of a pattern, in order. */
export function groupNames(pattern: RegExp): string[] {
  return Object.keys(new RegExp(`${pattern.source}|`, pattern.flags).exec('')?.groups ?? {});
}

/** A pattern that remembers nothing from one text to the next. */
export function stateless(pattern: RegExp): RegExp {
  return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
}

/** The attributes that a change is about by name, its sources and conditions aside. */
export function keysOf(change: Change): string[] {
  const keys = change.key === undefined ? [] : [change.key];
  if (change.do === 'rename') keys.push(change.to);
  if (change.do === 'extract') keys.push(...groupNames(change.pattern));
  return keys;
}

/** Fields a signal has, by their name in the schema. */
export const fieldsOfSignal: Readonly<Record<Signal, Readonly<Partial<Record<FieldName | CallField, string>>>>> = {
  logs: {
    body: 'body',
    severity_number: 'severityNumber',
    severity_text: 'severityText',
    name: 'eventName',
    trace_id: 'traceId',
    scope_name: 'name',
    scope_version: 'version',
  },
  traces: {
    name: 'name',
    kind: 'kind',
    status_code: 'status',
    trace_id: 'traceId',
    trace_state: 'traceState',
    scope_name: 'name',
    scope_version: 'version',
  },
  metrics: { name: 'name', scope_name: 'name', scope_version: 'version' },
};
