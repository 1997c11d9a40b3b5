import { expect, it } from 'vitest';
import { JsonObject } from '../../plain-json.ts';
import { nested } from './nested.ts';

const object = (...names: readonly string[]): string =>
  nested(names.reduce((all, name, i) => all.add(name, String(i)), new JsonObject()));

it('takes dotted names apart, and keeps a value that stands where an object has to', () => {
  expect(object('a.b', 'a.c.d', 'e')).toBe('{"a":{"b":0,"c":{"d":1}},"e":2}');
  expect(object('a', 'a.b')).toBe('{"a":{"value":0,"b":1}}');
  expect(object('a.b', 'a')).toBe('{"a":{"b":0,"value":1}}');
  expect(object('__proto__.x')).toBe('{"__proto__":{"x":0}}');
  expect(nested(new JsonObject())).toBe('{}');
});
