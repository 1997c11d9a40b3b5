import { sameBytes } from './walk.ts';
import { textOf } from './change.ts';
import type { Compilation } from './compilation.ts';
import type { Frame } from './frame.ts';
import { levelOf, levelOfSubject, stateless, type Level } from './levels.ts';
import type { Condition, Subject } from './step.ts';
import { boolAt, content, doubleAt, intAt, kind, kindOf, textAt } from './value.ts';

/** Whether a condition holds for the message at hand. */
export type Test = () => boolean;

type Arrays = { readonly [index: number]: number };

/** Where a subject is found in a frame: an encoded value, a text, a number, or nowhere. */
type Place =
  | {
      readonly is: 'value' | 'text';
      readonly frame: Frame;
      readonly at: Arrays;
      readonly end: Arrays;
      readonly i: number;
    }
  | { readonly is: 'number'; readonly numbers: Arrays; readonly i: number }
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
  if ('exists' in condition) return existsTest(plan, condition.exists);
  if ('equals' in condition) return equalsTest(plan, placeOf(plan, condition.equals), condition.value);
  if ('compare' in condition) return compareTest(placeOf(plan, condition.compare), condition.is, condition.value);
  return matchTest(placeOf(plan, condition.matches), stateless(condition.pattern));
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
    return { is: 'value', frame, at: frame.valueAt, end: frame.valueEnd, i: plan.slot(own, subject.attribute) };
  }
  const i = plan.field(own, subject.field);
  if (i === undefined) return { is: 'nowhere' };
  switch (subject.field) {
    case 'severity_number':
    case 'kind':
    case 'status_code':
      return { is: 'number', numbers: frame.numbers, i };
    case 'body':
      return { is: 'value', frame, at: frame.textAt, end: frame.textEnd, i };
    case 'name':
    case 'severity_text':
    case 'scope_name':
    case 'scope_version':
      return { is: 'text', frame, at: frame.textAt, end: frame.textEnd, i };
  }
}

function existsTest(plan: Compilation, subject: Subject): Test {
  const place = placeOf(plan, subject);
  if (place.is === 'nowhere') return () => false;
  const { i } = place;
  if (place.is === 'number') return () => place.numbers[i] !== 0;
  if ('attribute' in subject) {
    const { entryOf } = place.frame;
    return () => (entryOf[i] as number) >= 0;
  }
  // A text that is not there stands from -1 to -1.
  return () => place.end[i] !== place.at[i];
}

function equalsTest(plan: Compilation, place: Place, value: string | number | bigint | boolean): Test {
  if (place.is === 'nowhere') return () => false;
  const { i } = place;
  if (place.is === 'number') {
    return typeof value === 'number' || typeof value === 'bigint'
      ? () => sameNumber(place.numbers[i] as number, value)
      : () => false;
  }
  const { at, end, frame } = place;
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    const size = bytes.length;
    const wanted = plan.constant(bytes);
    if (place.is === 'text')
      return () => (end[i] as number) - (at[i] as number) === size && sameBytes(at[i] as number, wanted, size);
    return () => {
      if ((at[i] as number) < 0 || kindIn(frame, at[i] as number, end[i] as number) !== kind.text) return false;
      return (end[i] as number) - content === size && sameBytes(content, wanted, size);
    };
  }
  if (place.is === 'text') return () => false;
  if (typeof value === 'boolean') {
    return () => {
      if ((at[i] as number) < 0 || kindIn(frame, at[i] as number, end[i] as number) !== kind.bool) return false;
      return boolAt(content, end[i] as number) === value;
    };
  }
  return () => sameNumber(numberIn(place, at[i] as number, end[i] as number), value);
}

function compareTest(place: Place, is: '<' | '<=' | '>' | '>=', value: number | bigint): Test {
  if (place.is === 'nowhere' || place.is === 'text') return () => false;
  const { i } = place;
  const read: () => number | bigint =
    place.is === 'number'
      ? () => place.numbers[i] as number
      : () => numberIn(place, place.at[i] as number, place.end[i] as number);
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

function matchTest(place: Place, pattern: RegExp): Test {
  if (place.is === 'nowhere') return () => false;
  const { i } = place;
  if (place.is === 'number') return () => pattern.test(String(place.numbers[i]));
  const { at, end, frame } = place;
  if (place.is === 'text') {
    return () => pattern.test((at[i] as number) < 0 ? '' : textAt(at[i] as number, end[i] as number));
  }
  return () => {
    if ((at[i] as number) < 0) return false;
    const stop = end[i] as number;
    switch (kindIn(frame, at[i] as number, stop)) {
      case kind.text:
        return pattern.test(textAt(content, stop));
      case kind.bool:
        return pattern.test(String(boolAt(content, stop)));
      case kind.int:
        return pattern.test(String(intAt(content, stop)));
      case kind.double:
        return pattern.test(textOf(doubleAt(content)));
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
