import { expect, it } from 'vitest';
import { InOrder } from './in-order.ts';

it('says how far everything is finished, whatever the order in which it ends', () => {
  const heard: string[] = [];
  const order = new InOrder<string>((value) => heard.push(value));
  const [a, b, c] = ['a', 'b', 'c'].map((value) => order.begin(value)) as [Item, Item, Item];
  const [a1, a2, b1] = [a.add(), a.add(), b.add()];
  a.complete();
  b.complete();
  c.complete();
  b1();
  a2();
  expect(heard).toEqual([]);
  a1();
  expect(heard).toEqual(['c']);
});

it('does not take an item for finished while parts may come', () => {
  const heard: string[] = [];
  const order = new InOrder<string>((value) => heard.push(value));
  const item = order.begin('a');
  item.add()();
  expect(heard).toEqual([]);
  item.complete();
  expect(heard).toEqual(['a']);
});

type Item = ReturnType<InOrder<string>['begin']>;
