import { describe, expect, test } from 'vitest';
import { Attributes } from './values.ts';

const twice = (): Attributes =>
  Attributes.from([
    ['a', 1n],
    ['b', 'x'],
    ['a', 2n],
    ['c', null],
  ]);

describe('Attributes', () => {
  test('keep order, keys that occur twice and pairs without a value', () => {
    const attributes = twice().append('d', undefined);
    expect([...attributes]).toEqual([
      ['a', 1n],
      ['b', 'x'],
      ['a', 2n],
      ['c', null],
      ['d', undefined],
    ]);
    expect(attributes.size).toBe(5);
    expect(attributes.get('a')).toBe(1n);
    expect(attributes.get('d')).toBeUndefined();
    expect(attributes.has('d')).toBe(true);
  });

  test('take any text as a key', () => {
    const attributes = new Attributes();
    for (const key of ['__proto__', 'constructor', 'hasOwnProperty', '']) {
      expect(attributes.get(key)).toBeUndefined();
      attributes.set(key, `value of ${key}`);
    }
    expect(attributes.get('__proto__')).toBe('value of __proto__');
    expect(attributes.size).toBe(4);
    expect(attributes.delete('__proto__')).toBe(true);
    expect(attributes.has('__proto__')).toBe(false);
  });

  test('take pairs or the own properties of an object', () => {
    expect([...Attributes.from({ a: 1, b: [true] })]).toEqual([
      ['a', 1],
      ['b', [true]],
    ]);
    expect([...Attributes.from(JSON.parse('{"__proto__":"x"}') as { [key: string]: string })]).toEqual([
      ['__proto__', 'x'],
    ]);
  });

  test('set replaces the first pair in its place and removes later ones, or appends', () => {
    expect([...twice().set('a', 'new').set('z', 3)]).toEqual([
      ['a', 'new'],
      ['b', 'x'],
      ['c', null],
      ['z', 3],
    ]);
  });

  test('delete removes every pair with the key and says whether there was one', () => {
    const attributes = twice();
    expect(attributes.delete('a')).toBe(true);
    expect(attributes.delete('a')).toBe(false);
    expect([...attributes]).toEqual([
      ['b', 'x'],
      ['c', null],
    ]);
  });

  test('rename keeps the place of the first pair, and the new key stays unique', () => {
    const attributes = twice();
    expect(attributes.rename('a', 'b')).toBe(true);
    expect([...attributes]).toEqual([
      ['b', 1n],
      ['c', null],
    ]);
    expect(attributes.rename('c', 'b')).toBe(true);
    expect([...attributes]).toEqual([['b', null]]);
    expect(attributes.rename('missing', 'b')).toBe(false);
    expect(attributes.rename('b', 'b')).toBe(true);
  });

  test('fields of a pair that are not known move with it', () => {
    const attributes = new Attributes();
    attributes.append('a', 1n).append('b', 2n, Uint8Array.of(1)).append('a', 3n, Uint8Array.of(2)).append('c', 4n);
    attributes.delete('a');
    expect(attributes.unknownAt(0)).toEqual(Uint8Array.of(1));
    expect(attributes.unknownAt(1)).toBeUndefined();
    attributes.clear();
    expect(attributes.append('d', 1n).unknownAt(0)).toBeUndefined();
  });
});
