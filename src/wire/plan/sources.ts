import type { Meta } from '../batch.ts';
import { at } from './arena.ts';
import type { Compilation, Operation } from './compilation.ts';
import type { Frame } from './frame.ts';
import { level, type Level } from './levels.ts';
import type { Source } from './step.ts';
import { make } from './value.ts';

/** An operation that gives an attribute the value of a source, if there is one. */
export function compileSource(plan: Compilation, from: Source, own: Level, key: string): Operation {
  const frame = plan.frame(own);
  const slot = plan.slot(own, key);
  if ('value' in from) {
    const { fieldAt, valueAt, valueEnd } = plan.attribute(key, from.value);
    return () => {
      frame.set(slot, valueAt, valueEnd, fieldAt);
      return false;
    };
  }
  if ('attribute' in from && level[from.of] === own) {
    const other = plan.slot(own, from.attribute);
    return () => {
      if (frame.isPresent(other)) setCopy(frame, slot, frame.valueAt(other), frame.valueEnd(other));
      return false;
    };
  }
  const register =
    'attribute' in from ? carried(plan, from.attribute, level[from.of]) : plan.input((meta) => metaText(meta, from));
  const { valueAt, valueEnd } = plan.registers;
  return () => {
    if (valueEnd[register] !== -1) setCopy(frame, slot, valueAt[register] as number, valueEnd[register] as number);
    return false;
  };
}

/** An attribute without a value gives an empty one. */
function setCopy(frame: Frame, slot: number, valueAt: number, valueEnd: number): void {
  if (valueAt < 0) frame.set(slot, 0, 0, -1);
  else frame.set(slot, valueAt, valueEnd, -1);
}

/** Carries what an attribute further out is at this point of the steps. */
function carried(plan: Compilation, attribute: string, outer: Level): number {
  const frame = plan.frame(outer);
  const slot = plan.slot(outer, attribute);
  const register = plan.registers.value();
  const { valueAt, valueEnd } = plan.registers;
  plan.push(outer, () => {
    const present = frame.isPresent(slot);
    valueAt[register] = frame.valueAt(slot);
    valueEnd[register] = present ? Math.max(0, frame.valueEnd(slot)) : -1;
    return false;
  });
  return register;
}

/** What a source of request facts says; undefined where the request did not say it. */
export function metaText(
  meta: Meta,
  from: Exclude<Source, { readonly value: unknown } | { readonly attribute: string }>,
): string | undefined {
  if ('header' in from) {
    const values = meta.headers?.get(from.header);
    return values === undefined || values.length === 0 ? undefined : values.join(';');
  }
  if (from.meta === 'peer_host') return meta.peer === undefined ? undefined : hostOf(meta.peer);
  return meta[from.meta];
}

/** `10.0.0.1:4317` and `[::1]:4317` without the port; a socket path as it is. */
function hostOf(peer: string): string {
  const match = /^\[?(.*?)\]?:\d+$/.exec(peer);
  return match === null ? peer : (match[1] as string);
}

/** Puts a fact about the request among the made values, for one run. False where there is no room for it. */
export function bindInput(
  registers: { valueAt: number[]; valueEnd: number[] },
  register: number,
  text: string | undefined,
): boolean {
  registers.valueEnd[register] = -1;
  if (text === undefined) return true;
  const start = make(text);
  if (start < 0) return false;
  registers.valueAt[register] = start;
  registers.valueEnd[register] = at.made;
  return true;
}
