import { Attributes, type AnyValue } from '../../wire/index.ts';
import type { Linked, LinkedCall, LinkedValue } from '../check/linked.ts';
import type { View } from '../paths/field.ts';
import { compare } from './compare.ts';
import { entryAt, indexed } from './keys.ts';
import { calculate, negate } from './math.ts';
import { Duration, EvaluationError, Id, Instant, Sequence, typeName, type Value } from './value.ts';

/** Throws EvaluationError where the condition is neither true nor false. */
export type Test = (view: View) => boolean;
export type Getter = (view: View) => Value;

/** A condition as a function of a decoded record. */
export function testOf(linked: Linked): Test {
  switch (linked.is) {
    case 'constant':
      return () => linked.value;
    case 'all': {
      const tests = linked.of.map(testOf);
      return (view) => tests.every((test) => test(view));
    }
    case 'any': {
      const tests = linked.of.map(testOf);
      return (view) => tests.some((test) => test(view));
    }
    case 'not': {
      const test = testOf(linked.of);
      return (view) => !test(view);
    }
    case 'compare': {
      const [left, right] = [getterOf(linked.left), getterOf(linked.right)];
      return (view) => compare(left(view), right(view), linked.operator);
    }
    case 'call': {
      const get = callOf(linked);
      return (view) => truth(get(view), linked.converter.name);
    }
  }
}

function truth(value: Value, name: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new EvaluationError(`expected ${name} to give a bool, found ${typeName(value)}`);
}

function getterOf(linked: LinkedValue): Getter {
  switch (linked.is) {
    case 'literal':
      return () => linked.value;
    case 'path':
      return pathOf(linked);
    case 'call':
      return callOf(linked);
    case 'negate': {
      const get = getterOf(linked.of);
      return (view) => negate(get(view));
    }
    case 'math': {
      const [left, right] = [getterOf(linked.left), getterOf(linked.right)];
      return (view) => calculate(left(view), linked.operator, right(view));
    }
    case 'list': {
      const items = linked.items.map(getterOf);
      return (view) => items.map((get) => storable(get(view)));
    }
    case 'map': {
      const entries = linked.entries.map(({ key, value }) => ({ key, get: getterOf(value) }));
      return (view) => {
        const map = new Attributes();
        for (const { key, get } of entries) map.set(key, storable(get(view)));
        return map;
      };
    }
  }
}

/** What an attribute can hold. */
function storable(value: Value): AnyValue {
  const foreign =
    value instanceof Instant || value instanceof Duration || value instanceof Id || value instanceof Sequence;
  if (foreign) throw new EvaluationError(`lists and maps cannot hold a ${typeName(value)}`);
  return value;
}

function pathOf({ field, keys }: Extract<LinkedValue, { is: 'path' }>): Getter {
  const [first, ...rest] = keys.map(getterOf);
  if (first === undefined) return (view) => field.read(view);
  const { entry } = field;
  if (entry !== undefined) {
    return (view) => {
      const key = first(view);
      if (typeof key !== 'string') throw new EvaluationError(`expected a string as a key, found ${typeName(key)}`);
      return entry(field.read(view) as string, key);
    };
  }
  if (rest.length === 0) return (view) => entryAt(field.read(view), first(view));
  const all = [first, ...rest];
  return (view) => {
    let value = field.read(view);
    for (const get of all) {
      const key = get(view);
      // Below what is not there nothing is there either; what is there has to be a map or list.
      if (value instanceof Attributes && typeof key === 'string' && !value.has(key)) return null;
      value = entryAt(value, key);
    }
    return value;
  };
}

function callOf({ run, args, keys }: LinkedCall): Getter {
  const getters = args.map((arg) => (arg === undefined ? undefined : getterOf(arg)));
  const get: Getter = (view) =>
    run(
      getters.map((each) => each?.(view)),
      view,
    );
  if (keys.length === 0) return get;
  const keyGetters = keys.map(getterOf);
  return (view) => keyGetters.reduce((value, key) => indexed(value, key(view)), get(view));
}
