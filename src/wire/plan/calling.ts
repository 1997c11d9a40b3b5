import { ArenaEditable } from './arena-editable.ts';
import type { Compilation, Operation } from './compilation.ts';
import { compileCondition, type Test } from './conditions.ts';
import type { Frame } from './frame.ts';
import { level, type Level } from './levels.ts';
import { eventAttributes } from './shape.ts';
import type { Call } from './step.ts';
import { walk } from './walk.ts';

/** An operation that calls the code of a step. */
export function calling(plan: Compilation, step: Call, own: Level, when: Test | undefined): Operation {
  const { call, keys = [], fields = [], asks = [], all = false } = step;
  const frame = plan.frame(own);
  const message = new ArenaEditable({
    frame,
    slots: new Map(keys.map((key) => [key, plan.slot(own, key)])),
    rows: new Map(fields.map((field) => [field, 4 * (plan.field(own, field) as number)])),
    tests: asks.map((condition) => compileCondition(plan, condition, own)),
    all,
  });
  const events = all && own === level.record && plan.signal === 'traces' ? eventsOf(plan, step, frame) : undefined;
  const run: Operation = () => {
    if (call(message) === false) return true;
    if (events !== undefined && frame.nested.length > 0) events();
    return false;
  };
  return when === undefined ? run : () => when() && run();
}

/** Calls it for each event of the span at hand. Where it changes one, the span is left to the codec: that is rare. */
function eventsOf(plan: Compilation, { call, keys = [] }: Call, span: Frame): () => void {
  const frame = plan.eventFrame(keys);
  const slots = new Map(keys.map((key, slot) => [key, slot]));
  const event = new ArenaEditable({ frame, slots, rows: new Map(), tests: [], all: true });
  const { nested } = span;
  return () => {
    for (let i = 0; i < nested.length && !span.odd; i += 2) {
      walk(frame, nested[i] as number, nested[i + 1] as number, eventAttributes);
      if (!frame.odd) call(event);
      if (frame.odd || frame.changed) span.odd = true;
    }
  };
}
