import { describe, expect, test } from 'vitest';
import { PatternError, safeRegExp } from './regex.ts';

describe('safeRegExp', () => {
  test('gives groups in the Go spelling their names', () => {
    const match = safeRegExp('^/api/(?P<version>v\\d+)/(?<rest>.*)$').exec('/api/v2/orders/7');
    expect({ ...match?.groups }).toEqual({ version: 'v2', rest: 'orders/7' });
  });

  test('ignores case by writing both cases out, in classes and ranges too', () => {
    const pattern = safeRegExp('(?i)error[x-z]\\d[^q]');
    expect(pattern.flags).toBe('');
    expect(pattern.test('an eRRorY7a')).toBe(true);
    expect(pattern.test('ERRORx7Q')).toBe(false);
  });

  test('takes the flags s and m at the start', () => {
    expect(safeRegExp('(?s)a.b').test('a\nb')).toBe(true);
    expect(safeRegExp('a.b').test('a\nb')).toBe(false);
    expect(safeRegExp('(?m)^b$').test('a\nb')).toBe(true);
  });

  test.each([
    ['\\Aab\\z', 'ab', 'xab'],
    ['\\Qa.b(\\E$', 'a.b(', 'axb('],
    ['^[[:alpha:]_]+$', 'ab_c', 'ab1'],
    ['^[[:punct:]]$', ']', 'a'],
    ['^[]a]$', ']', 'b'],
    ['^[[a]$', '[', 'b'],
    ['^a{2}$', 'aa', 'aaa'],
    ['^a{x}$', 'a{x}', 'aa'],
    ['^\\x41\\.$', 'A.', 'AB'],
    ['^[a\\-z]$', '-', 'b'],
  ])('reads %s as RE2 does', (pattern, matching, other) => {
    expect(safeRegExp(pattern).test(matching)).toBe(true);
    expect(safeRegExp(pattern).test(other)).toBe(false);
  });

  test.each([
    ['a(?=b)', 'look-around'],
    ['(?<!a)b', 'look-around'],
    ['(a)\\1', 'back-references'],
    ['(?P<n>a)\\k<n>', 'back-references'],
    ['a(?i)b', 'start of a pattern only'],
    ['(?U)a', 'flag U'],
    ['a**', 'a repeat of a repeat'],
    ['(a', 'Unterminated group'],
    ['a)', 'nothing opens'],
    ['[a', 'without an end'],
    ['[[:nope:]]', 'no class [:nope:]'],
    ['a{2000}', 'a count above 1000'],
    ['(a+){20}', 'linear time'],
    ['\\pL', 'not supported'],
  ])('refuses %s and says why', (pattern, reason) => {
    expect(() => safeRegExp(pattern)).toThrow(PatternError);
    expect(() => safeRegExp(pattern)).toThrow(reason);
  });
});
