import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupPath } from './group-path.ts';

function path(value: string, template = '/data/*.json'): string | undefined {
  const found = groupPath(template, value);
  return found === undefined ? undefined : [found.base.replace(/\/$/, ''), ...found.names].join('/');
}

test('the value takes the place of the star, directories included', () => {
  expect(path('checkout')).toBe('/data/checkout.json');
  expect(path('team/checkout')).toBe('/data/team/checkout.json');
  expect(path('eu', '/data/app-*/logs.json')).toBe('/data/app-eu/logs.json');
  expect(path('eu', 'out-*')).toBe('./out-eu');
});

test('values that try to leave the base directory stay in it', () => {
  expect(path('../etc/my_config')).toBe('/data/etc/my_config.json');
  expect(path('../../../../etc/passwd')).toBe('/data/etc/passwd.json');
  expect(path('/etc/passwd')).toBe('/data/etc/passwd.json');
  expect(path('a/../../b')).toBe('/data/a/b.json');
  expect(path('..\\..\\windows')).toBe('/data/___.._windows.json');
  expect(path('%2e%2e/x')).toBe('/data/%2e%2e/x.json');
});

test('characters that mean something to a file system are replaced', () => {
  expect(path('a\0b\nc')).toBe('/data/a_b_c.json');
  expect(path('.bashrc')).toBe('/data/_bashrc.json');
  expect(path('...')).toBe('/data/___.json');
});

test('values that leave nothing, or too much, name no file', () => {
  for (const value of ['', '/', '..', './..', 'x'.repeat(5000), `${'x'.repeat(200)}/`.repeat(10)])
    expect(path(value)).toBeUndefined();
});

test('no value leads out of the base directory', () => {
  const wild = fc
    .array(fc.oneof(fc.constantFrom('..', '.', '/', '\\', '\0', '~', '%2e', ' '), fc.string()), { maxLength: 12 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(wild, (value) => {
      const found = groupPath('/data/base/pre-*/x.json', value);
      for (const name of found?.names ?? []) {
        expect(name).not.toMatch(/^\.|[/\\\0\n]/);
        expect(name.length).toBeGreaterThan(0);
      }
      expect(found?.base ?? '/data/base/').toBe('/data/base/');
    }),
    { numRuns: 500 },
  );
});
