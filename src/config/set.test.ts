import { describe, expect, it } from 'vitest';
import { Report } from './diagnostic.ts';
import { marksOf, plain } from './fixture.ts';
import { locate } from './node.ts';
import { parseSet, setName } from './set.ts';

function set(argument: string): { value: unknown; marks: string[] } {
  const report = new Report();
  const node = parseSet(argument, report);
  return { value: node === undefined ? undefined : plain(node), marks: marksOf(report) };
}

describe('--set', () => {
  it.each([
    ['processors.batch.timeout=2s', { processors: { batch: { timeout: '2s' } } }],
    ['exporters.otlp/x.endpoint=a=b', { exporters: { 'otlp/x': { endpoint: 'a=b' } } }],
    ['a.b=12', { a: { b: 12 } }],
    ['a.b=[x, {y: 1}]', { a: { b: ['x', { y: 1 }] } }],
    ['a.b=', { a: { b: null } }],
    ["a.b='12'", { a: { b: '12' } }],
    ['r.service\\.name=x', { r: { 'service.name': 'x' } }],
    ['a=${env:X}', { a: '${env:X}' }],
  ])('reads %s', (argument, value) => {
    expect(set(argument)).toEqual({ value, marks: [] });
  });

  it('knows where in the argument the value stands', () => {
    const node = parseSet('a.b= xyz', new Report());
    expect(node && locate(node, node.place, ['a', 'b']).node.place).toEqual({
      file: '--set a.b',
      line: 1,
      column: 6,
      length: 3,
    });
  });

  it.each(['a.b', '=1', 'a..b=1', '.a=1', ''])('refuses %j', (argument) => {
    expect(set(argument).marks[0]).toMatch(/^invalid-set/);
  });

  it('refuses a value that is no YAML', () => {
    expect(set('a=[1').marks).toEqual(['yaml-syntax --set a:1:3']);
  });

  it('is named without its value, which may be a secret', () => {
    expect(setName('a.password=hunter2')).toBe('--set a.password');
  });
});
