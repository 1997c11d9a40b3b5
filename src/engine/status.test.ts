import { expect, test } from 'vitest';
import { StatusBoard } from './status.ts';

test('a component is well when everybody who reports about it says so', () => {
  const board = new StatusBoard(0);
  const messages = (): string[] => board.health().problems.map(({ component, message }) => `${component}: ${message}`);
  board.report('exporter/a', 'recoverable_error', 'away');
  board.report('exporter/a', 'recoverable_error', 'disk', 'itself');
  expect(messages()).toEqual(['exporter/a: away', 'exporter/a: disk']);
  board.report('exporter/a', 'ok');
  expect(messages()).toEqual(['exporter/a: disk']);
  board.report('exporter/a', 'ok', undefined, 'itself');
  expect(messages()).toEqual([]);
});
