import { isTimezone, timezoneOffset } from 'sluice/plugin';
import { describe, expect, test } from 'vitest';
import { isBucketName, joined, safePath, safeValue, tooLong } from './safe.ts';
import { uuidv7 } from './uuid.ts';

test.each([
  ['../../etc/x', '___.._etc_x'],
  ['/abs', '_abs'],
  ['a\u0000b\r\nc', 'a_b__c'],
  ['..', '__'],
  ['.hidden', '_hidden'],
  ['%2e%2e', '%2e%2e'],
  ['a\\b', 'a_b'],
  ['', 'unknown'],
  ['größe', 'größe'],
])('a value %j becomes a part of one name: %s', (value, safe) => {
  expect(safeValue(value)).toBe(safe);
});

test('a value that is a path keeps its names, and leads nowhere else', () => {
  expect(safePath('//a/../b/./.c/')).toBe('a/b/_c');
  expect(safePath('../..')).toBe('');
  expect(joined(['', '/base/', 'x//y', '..', 'z'])).toBe('base/x/y/z');
});

test('keys and their parts have a longest length, in bytes', () => {
  expect(tooLong(`a/${'b'.repeat(231)}`, 24)).toBeUndefined();
  expect(tooLong(`a/${'b'.repeat(232)}`, 24)).toContain('256 bytes');
  expect(tooLong(`${'é'.repeat(128)}/a`, 24)).toContain('256 bytes');
  expect(tooLong(Array.from({ length: 101 }, () => 'x'.repeat(9)).join('/'), 24)).toContain('1033 bytes');
});

test.each([
  ['my-bucket.1', true],
  ['ab', false],
  ['Upper', false],
  ['a..b', false],
  ['../x', false],
  ['a/b', false],
])('%j is a bucket: %s', (name, is) => {
  expect(isBucketName(name)).toBe(is);
});

describe('time zones', () => {
  const winter = Date.UTC(2026, 0, 15);
  const summer = Date.UTC(2026, 6, 15);

  test('have the offset of the time, summer and winter', () => {
    const berlin = timezoneOffset('Europe/Berlin');
    expect([berlin(winter), berlin(summer)]).toEqual([3_600_000, 7_200_000]);
    expect(timezoneOffset('Asia/Kolkata')(winter)).toBe(5.5 * 3_600_000);
    expect(timezoneOffset('UTC')(winter)).toBe(0);
    expect(timezoneOffset('local')(winter)).toBe(-new Date(winter).getTimezoneOffset() * 60_000);
  });

  test('have names that are known', () => {
    expect(['local', 'utc', 'Europe/Berlin', 'Nowhere/Land'].map(isTimezone)).toEqual([true, true, true, false]);
  });
});

test('unique names are UUIDs of version 7, in the order of time', () => {
  const names = [1, 2, 1_800_000_000_000].map(uuidv7);
  for (const name of names)
    expect(name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(names.toSorted()).toEqual(names);
});
