import { expect, it } from 'vitest';
import { parseTime } from './time.ts';

it.each([
  ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ['2026-01-31 15:04', '2026-01-31T15:04:00.000Z'],
  ['2026-01-31T15:04:05Z', '2026-01-31T15:04:05.000Z'],
  ['2026-01-31T15:04:05.25+02:00', '2026-01-31T13:04:05.250Z'],
])('reads %s', (text, expected) => {
  expect(new Date(parseTime(text) as number).toISOString()).toBe(expected);
});

it.each(['', '15:04', '2026-02-30', '2026-01-31 25:00', '2026-01-31T15:04:05', '31.01.2026', 'yesterday'])(
  'refuses %j',
  (text) => {
    expect(parseTime(text)).toBeUndefined();
  },
);
