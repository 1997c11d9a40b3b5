import type { Compilation, Operation } from './compilation.ts';
import { compileCondition, type Test } from './conditions.ts';
import { converted, hashed } from './change.ts';
import type { Frame } from './frame.ts';
import { groupNames, level, stateless, targetOf, type Level } from './levels.ts';
import type { Step } from './step.ts';
import { compileSource } from './sources.ts';
import { at } from './arena.ts';
import { content, kind, kindOf, make, scalarAt, textAt } from './value.ts';

type SetStep = Extract<Step, { readonly do: 'insert' | 'update' | 'upsert' }>;
type KeyStep = Extract<Step, { readonly do: 'delete' | 'hash' }>;
type StepOf<D extends Step['do']> = Extract<Step, { readonly do: D }>;

/** Adds a step to the programs of a plan. */
export function compileStep(plan: Compilation, step: Step): void {
  const own = level[targetOf(step)];
  const when = step.when === undefined ? undefined : compileCondition(plan, step.when, own);
  const change = compileChange(plan, step, own, when);
  if (change === undefined) return;
  plan.push(own, when === undefined || step.do === 'drop' ? change : guarded(when, change));
}

function guarded(when: Test, change: Operation): Operation {
  return () => when() && change();
}

function compileChange(plan: Compilation, step: Step, own: Level, when: Test | undefined): Operation | undefined {
  switch (step.do) {
    case 'drop':
      return when;
    case 'insert':
    case 'update':
    case 'upsert':
      return setting(plan, step, own);
    case 'delete':
      return deleting(plan, step, own);
    case 'hash':
      return hashing(plan, step, own);
    case 'rename':
      return renaming(plan, step, own);
    case 'extract':
      return extracting(plan, step, own);
    case 'convert':
      return converting(plan, step, own);
  }
}

function setting(plan: Compilation, step: SetStep, own: Level): Operation {
  const frame = plan.frame(own);
  const { entryOf } = frame;
  const slot = plan.slot(own, step.key);
  const copy = compileSource(plan, step.from, own, frame, slot, step.key);
  if (step.do === 'upsert') return copy;
  const wanted = step.do === 'update';
  return () => (entryOf[slot] as number) >= 0 === wanted && copy();
}

function deleting(plan: Compilation, step: KeyStep, own: Level): Operation {
  const frame = plan.frame(own);
  return forKeys(plan, step, own, (slot) => {
    frame.remove(slot);
  });
}

function hashing(plan: Compilation, step: KeyStep, own: Level): Operation {
  const frame = plan.frame(own);
  return forKeys(plan, step, own, (slot) => {
    if ((frame.entryOf[slot] as number) < 0) return;
    const value = scalarIn(frame, slot);
    if (!frame.odd) setMade(frame, slot, hashed(value));
  });
}

/** Runs `change` for the key of a step and for each key that its pattern matches. */
function forKeys(plan: Compilation, step: KeyStep, own: Level, change: (slot: number) => void): Operation {
  const frame = plan.frame(own);
  const { patternsOf } = frame;
  const named = step.key === undefined ? -1 : plan.slot(own, step.key);
  const bit = step.pattern === undefined ? 0 : plan.patternBit(own);
  return () => {
    if (named >= 0) change(named);
    if (bit !== 0) {
      for (let slot = 0; slot < frame.slots; slot++) {
        if (slot !== named && ((patternsOf[slot] as number) & bit) !== 0) change(slot);
      }
    }
    return false;
  };
}

function renaming(plan: Compilation, step: StepOf<'rename'>, own: Level): Operation {
  const frame = plan.frame(own);
  const from = plan.slot(own, step.key);
  const to = plan.slot(own, step.to);
  return () => {
    frame.move(from, to);
    return false;
  };
}

function extracting(plan: Compilation, step: StepOf<'extract'>, own: Level): Operation {
  const frame = plan.frame(own);
  const slot = plan.slot(own, step.key);
  const pattern = stateless(step.pattern);
  const groups = groupNames(pattern).map((name) => ({ name, slot: plan.slot(own, name) }));
  return () => {
    const start = frame.valueAt[slot] as number;
    if (start < 0) return false;
    const end = frame.valueEnd[slot] as number;
    const found = kindOf(start, end);
    if (found === kind.odd) frame.odd = true;
    if (found !== kind.text) return false;
    const match = pattern.exec(textAt(content, end));
    if (match?.groups === undefined) return false;
    for (const group of groups) setMade(frame, group.slot, match.groups[group.name] ?? '');
    return false;
  };
}

function converting(plan: Compilation, step: StepOf<'convert'>, own: Level): Operation {
  const frame = plan.frame(own);
  const slot = plan.slot(own, step.key);
  return () => {
    if ((frame.entryOf[slot] as number) < 0) return false;
    const value = scalarIn(frame, slot);
    if (frame.odd) return false;
    const result = converted(value, step.to);
    if (result !== undefined) setMade(frame, slot, result as string | bigint | number);
    return false;
  };
}

/** The value of a slot; arrays, maps and bytes are odd, since only the codec reads them. */
function scalarIn(frame: Frame, slot: number): string | boolean | bigint | number | null {
  const start = frame.valueAt[slot] as number;
  if (start < 0) return null;
  const value = scalarAt(start, frame.valueEnd[slot] as number);
  if (value === undefined) frame.odd = true;
  return value ?? null;
}

function setMade(frame: Frame, slot: number, value: string | bigint | number): void {
  const start = make(value);
  if (start < 0) frame.odd = true;
  else frame.set(slot, start, at.made, -1);
}
