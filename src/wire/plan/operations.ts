import type { Compilation, Operation } from './compilation.ts';
import { compileCondition, type Test } from './conditions.ts';
import { converted, hashed } from './change.ts';
import type { Frame } from './frame.ts';
import { groupNames, level, stateless, targetOf, type Level } from './levels.ts';
import type { Change, Step } from './step.ts';
import { compileSource } from './sources.ts';
import { at } from './arena.ts';
import { calling } from './calling.ts';
import { textAt } from './text.ts';
import { content, kind, kindOf, make, scalarAt } from './value.ts';

type ChangeOf<D extends Change['do']> = Extract<Change, { readonly do: D }>;
type SetChange = ChangeOf<'insert' | 'update' | 'upsert'>;
type KeyChange = Extract<Change, { readonly do: 'delete' | 'hash' }>;

/** Adds a step to the programs of a plan. */
export function compileStep(plan: Compilation, step: Step): void {
  const own = level[targetOf(step)];
  const when = step.when === undefined ? undefined : compileCondition(plan, step.when, own);
  if (step.do === 'drop') plan.push(own, when as Test);
  else if (step.do === 'call') plan.push(own, calling(plan, step, own, when));
  else if (step.do === 'if') compileDecision(plan, step.steps, own, when as Test);
  else addChange(plan, step, own, when);
}

/** Asks once, and makes all changes or none. */
function compileDecision(plan: Compilation, changes: readonly Change[], own: Level, when: Test): void {
  const { flags } = plan.registers;
  const flag = plan.registers.flag();
  plan.push(own, () => {
    flags[flag] = when() ? 1 : 0;
    return false;
  });
  const decided: Test = () => flags[flag] === 1;
  for (const change of changes) {
    const further = change.when === undefined ? undefined : compileCondition(plan, change.when, own);
    addChange(plan, change, own, further === undefined ? decided : () => decided() && further());
  }
}

function addChange(plan: Compilation, change: Change, own: Level, when: Test | undefined): void {
  const operation = compileChange(plan, change, own);
  plan.push(own, when === undefined ? operation : () => when() && operation());
}

function compileChange(plan: Compilation, change: Change, own: Level): Operation {
  switch (change.do) {
    case 'insert':
    case 'update':
    case 'upsert':
      return setting(plan, change, own);
    case 'delete':
      return deleting(plan, change, own);
    case 'hash':
      return hashing(plan, change, own);
    case 'rename':
      return renaming(plan, change, own);
    case 'extract':
      return extracting(plan, change, own);
    case 'convert':
      return converting(plan, change, own);
    // no default
  }
}

function setting(plan: Compilation, step: SetChange, own: Level): Operation {
  const frame = plan.frame(own);
  const slot = plan.slot(own, step.key);
  const copy = compileSource(plan, step.from, own, step.key);
  if (step.do === 'upsert') return copy;
  const wanted = step.do === 'update';
  return () => frame.isPresent(slot) === wanted && copy();
}

function deleting(plan: Compilation, step: KeyChange, own: Level): Operation {
  const frame = plan.frame(own);
  return forKeys(plan, step, own, (slot) => {
    frame.remove(slot);
  });
}

function hashing(plan: Compilation, step: KeyChange, own: Level): Operation {
  const frame = plan.frame(own);
  return forKeys(plan, step, own, (slot) => {
    if (!frame.isPresent(slot)) return;
    const value = scalarIn(frame, slot);
    if (!frame.odd) setMade(frame, slot, hashed(value));
  });
}

/** Runs `change` for the key of a step and for each key that its pattern matches. */
function forKeys(plan: Compilation, step: KeyChange, own: Level, change: (slot: number) => void): Operation {
  const frame = plan.frame(own);
  const named = step.key === undefined ? -1 : plan.slot(own, step.key);
  const bit = step.pattern === undefined ? 0 : plan.patternBit(own);
  return () => {
    if (named >= 0) change(named);
    if (bit !== 0) {
      for (let slot = 0; slot < frame.slotCount; slot++) {
        if (slot !== named && (frame.patternsOf(slot) & bit) !== 0) change(slot);
      }
    }
    return false;
  };
}

function renaming(plan: Compilation, step: ChangeOf<'rename'>, own: Level): Operation {
  const frame = plan.frame(own);
  const from = plan.slot(own, step.key);
  const to = plan.slot(own, step.to);
  return () => {
    frame.move(from, to);
    return false;
  };
}

function extracting(plan: Compilation, step: ChangeOf<'extract'>, own: Level): Operation {
  const frame = plan.frame(own);
  const slot = plan.slot(own, step.key);
  const pattern = stateless(step.pattern);
  const groups = groupNames(pattern).map((name) => ({ name, slot: plan.slot(own, name) }));
  return () => {
    const start = frame.valueAt(slot);
    if (start < 0) return false;
    const end = frame.valueEnd(slot);
    const found = kindOf(start, end);
    if (found === kind.odd) frame.odd = true;
    if (found !== kind.text) return false;
    const match = pattern.exec(textAt(content, end));
    if (match?.groups === undefined) return false;
    for (const group of groups) setMade(frame, group.slot, match.groups[group.name] ?? '');
    return false;
  };
}

function converting(plan: Compilation, step: ChangeOf<'convert'>, own: Level): Operation {
  const frame = plan.frame(own);
  const slot = plan.slot(own, step.key);
  return () => {
    if (!frame.isPresent(slot)) return false;
    const value = scalarIn(frame, slot);
    if (frame.odd) return false;
    const result = converted(value, step.to);
    if (result !== undefined) setMade(frame, slot, result as string | bigint | number);
    return false;
  };
}

/** The value of a slot; arrays, maps and bytes are odd, since only the codec reads them. */
function scalarIn(frame: Frame, slot: number): string | boolean | bigint | number | null {
  const start = frame.valueAt(slot);
  if (start < 0) return null;
  const value = scalarAt(start, frame.valueEnd(slot));
  if (value === undefined) frame.odd = true;
  return value ?? null;
}

function setMade(frame: Frame, slot: number, value: string | bigint | number): void {
  const start = make(value);
  if (start < 0) frame.odd = true;
  else frame.set(slot, start, at.made, -1);
}
