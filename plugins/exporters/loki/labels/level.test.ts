import { expect, it } from 'vitest';
import { levelOfNumber, levelOfText } from './level.ts';

it.each([
  [0, undefined],
  [1, 'trace'],
  [4, 'trace'],
  [5, 'debug'],
  [9, 'info'],
  [13, 'warn'],
  [17, 'error'],
  [20, 'error'],
  [24, 'fatal'],
  [25, undefined],
])('severity number %i is %s', (number, level) => {
  expect(levelOfNumber(number)).toBe(level);
});

it.each([
  ['INFO', 'info'],
  ['Warning', 'warn'],
  [' err ', 'error'],
  ['CRITICAL', 'fatal'],
  ['verbose', 'verbose'],
  ['', undefined],
])('severity text %j is %s', (text, level) => {
  expect(levelOfText(text)).toBe(level);
});
