import { ManualClock } from 'sluice/testing';
import { expect, it } from 'vitest';
import { Nodes } from './nodes.ts';

it('lets nodes take turns, and passes one over that did not answer until it rested or no other is left', async () => {
  const clock = new ManualClock();
  const nodes = new Nodes(['a', 'b', 'c'], clock);
  expect([nodes.order(), nodes.order(), nodes.order()]).toEqual([
    ['a', 'b', 'c'],
    ['b', 'c', 'a'],
    ['c', 'a', 'b'],
  ]);
  nodes.failed('a');
  expect(nodes.order()).toEqual(['b', 'c', 'a']);
  for (const node of ['b', 'c']) nodes.failed(node);
  expect(nodes.order()).toEqual(['b', 'c', 'a']);
  nodes.answered('c');
  expect(nodes.order()[0]).toBe('c');
  await clock.advance(30_000);
  expect(nodes.order()).toEqual(['a', 'b', 'c']);
});
