import { sameBytes } from './walk.ts';
import { textOf } from './change.ts';
import type { Compilation } from './compilation.ts';
import type { Frame } from './frame.ts';
import { levelOf, levelOfSubject, stateless, type Level } from './levels.ts';
import type { Condition, Subject } from './step.ts';
import { textAt } from './text.ts';
import { boolAt, content, doubleAt, intAt, kind, kindOf } from './value.ts';

/** Whether a condition holds for the message at hand. */
export type Test = () => boolean;

/** Where a subject is found in a frame, as positions in its `data`: an encoded value, a text, a number, or nowhere. */
type Place =
  | {
      readonly is: 'value' | 'text';
      readonly frame: Frame;
      readonly data: Int32Array;
      readonly at: number;
      readonly end: number;
    }
  | { readonly is: 'number'; readonly data: Int32Array; readonly at: number }
  | { readonly is: 'nowhere' };

/**
 * A test for a condition, to run at a level. What is known further out is asked there once, at this point of the steps,
 * and carried in.
 */
export function compileCondition(plan: Compilation, condition: Condition, own: Level): Test {
  const outer = levelOf(plan.signal, condition);
  if (outer < own) {
    const { flags } = plan.registers;
    const flag = plan.registers.flag();
    const test = compileHere(plan, condition, outer);
    plan.push(outer, () => {
      flags[flag] = test() ? 1 : 0;
      return false;
    });
    return () => flags[flag] === 1;
  }
  return compileHere(plan, condition, own);
}

function compileHere(plan: Compilation, condition: Condition, own: Level): Test {
  if ('all' in condition) return allOf(cheapFirst(condition.all).map((each) => compileCondition(plan, each, own)));
  if ('any' in condition) {
    const tests = cheapFirst(condition.any).map((each) => negated(compileCondition(plan, each, own)));
    return negated(allOf(tests));
  }
  if ('not' in condition) return negated(compileCondition(plan, condition.not, own));
  if ('exists' in condition) return existsTest(plan, condition.exists, condition.valued === true);
  if ('equals' in condition) return equalsTest(plan, placeOf(plan, condition.equals), condition.value);
  if ('compare' in condition) return compareTest(placeOf(plan, condition.compare), condition.is, condition.value);
  return matchTest(placeOf(plan, condition.matches), stateless(condition.pattern), condition.structured === true);
}

/** Patterns last: the others take a tenth of the time. Nothing in a condition has effects, so order is free. */
function cheapFirst(conditions: readonly Condition[]): Condition[] {
  return conditions.toSorted((a, b) => Number('matches' in a) - Number('matches' in b));
}

function allOf(tests: readonly Test[]): Test {
  const [first, second, ...rest] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (rest.length === 0) return () => first() && second();
  return () => {
    for (const test of tests) if (!test()) return false;
    return true;
  };
}

function negated(test: Test): Test {
  return () => !test();
}

function placeOf(plan: Compilation, subject: Subject): Place {
  const own = levelOfSubject(plan.signal, subject);
  const frame = plan.frame(own);
  if ('attribute' in subject) {
    const row = 4 * plan.slot(own, subject.attribute);
    return { is: 'value', frame, data: frame.slots, at: row + 1, end: row + 2 };
  }
  const register = plan.field(own, subject.field);
  if (register === undefined) return { is: 'nowhere' };
  const row = 4 * register;
  const where = { frame, data: frame.fields, at: row + 1, end: row + 2 };
  switch (subject.field) {
    case 'severity_number':
    case 'kind':
    case 'status_code':
      return { is: 'number', data: frame.fields, at: row };
    case 'body':
      return { is: 'value', ...where };
    case 'name':
    case 'severity_text':
    case 'scope_name':
    case 'scope_version':
      return { is: 'text', ...where };
    // no default
  }
}

function existsTest(plan: Compilation, subject: Subject, valued: boolean): Test {
  const place = placeOf(plan, subject);
  if (place.is === 'nowhere') return () => false;
  const { data, at } = place;
  if (place.is === 'number') return () => data[at] !== 0;
  if (valued && place.is === 'value') {
    return () => hasValue(place.frame, data[at] as number, data[place.end] as number);
  }
  if ('attribute' in subject) return () => (data[at - 1] as number) >= 0;
  // A text that is not there stands from -1 to -1.
  return () => data[place.end] !== data[at];
}

function hasValue(frame: Frame, start: number, end: number): boolean {
  if (start < 0) return false;
  const found = kindIn(frame, start, end);
  return found !== kind.nothing && !(found === kind.bytes && content === end);
}

function equalsTest(plan: Compilation, place: Place, value: string | number | bigint | boolean): Test {
  if (place.is === 'nowhere') return () => false;
  const { data, at } = place;
  if (place.is === 'number') {
    return typeof value === 'number' || typeof value === 'bigint'
      ? () => sameNumber(data[at] as number, value)
      : () => false;
  }
  const { end, frame } = place;
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    const size = bytes.length;
    const wanted = plan.constant(bytes);
    if (place.is === 'text')
      return () => (data[end] as number) - (data[at] as number) === size && sameBytes(data[at] as number, wanted, size);
    return () => {
      if ((data[at] as number) < 0 || kindIn(frame, data[at] as number, data[end] as number) !== kind.text)
        return false;
      return (data[end] as number) - content === size && sameBytes(content, wanted, size);
    };
  }
  if (place.is === 'text') return () => false;
  if (typeof value === 'boolean') {
    return () => {
      if ((data[at] as number) < 0 || kindIn(frame, data[at] as number, data[end] as number) !== kind.bool)
        return false;
      return boolAt(content, data[end] as number) === value;
    };
  }
  return () => sameNumber(numberIn(place, data[at] as number, data[end] as number), value);
}

function compareTest(place: Place, is: '<' | '<=' | '>' | '>=', value: number | bigint): Test {
  if (place.is === 'nowhere' || place.is === 'text') return () => false;
  const { data, at } = place;
  const read: () => number | bigint =
    place.is === 'number'
      ? () => data[at] as number
      : () => numberIn(place, data[at] as number, data[place.end] as number);
  switch (is) {
    case '<':
      return () => read() < value;
    case '<=':
      return () => read() <= value;
    case '>':
      return () => read() > value;
    case '>=':
      return () => read() >= value;
  }
}

function matchTest(place: Place, pattern: RegExp, structured: boolean): Test {
  if (place.is === 'nowhere') return () => false;
  const { data, at } = place;
  if (place.is === 'number') return () => pattern.test(String(data[at]));
  const { end, frame } = place;
  if (place.is === 'text') {
    return () => pattern.test((data[at] as number) < 0 ? '' : textAt(data[at] as number, data[end] as number));
  }
  return () => {
    if ((data[at] as number) < 0) return false;
    const stop = data[end] as number;
    switch (kindIn(frame, data[at] as number, stop)) {
      case kind.text:
        return pattern.test(textAt(content, stop));
      case kind.bool:
        return pattern.test(String(boolAt(content, stop)));
      case kind.int:
        return pattern.test(String(intAt(content, stop)));
      case kind.double:
        return pattern.test(textOf(doubleAt(content)));
      case kind.array:
      case kind.map:
      case kind.bytes:
        // Their text takes decoding.
        if (structured) frame.odd = true;
        return false;
      default:
        return false;
    }
  };
}

/** The kind of a value; where it is odd, the message has to be decoded. */
function kindIn(frame: Frame, start: number, end: number): number {
  const found = kindOf(start, end);
  if (found === kind.odd) frame.odd = true;
  return found;
}

/** An int or a double as a number; NaN, which compares with nothing, for everything else. */
function numberIn(place: { readonly frame: Frame }, start: number, end: number): number | bigint {
  if (start < 0) return Number.NaN;
  const found = kindIn(place.frame, start, end);
  if (found === kind.int) return intAt(content, end);
  return found === kind.double ? doubleAt(content) : Number.NaN;
}

/** Equal as numbers, also where just one of the two is a bigint, which `===` would deny. */
export function sameNumber(a: number | bigint, b: number | bigint): boolean {
  return a == b;
}
