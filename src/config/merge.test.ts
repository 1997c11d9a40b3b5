import { describe, expect, it } from 'vitest';
import { Report } from './diagnostic.ts';
import { marksOf, plain, tree } from './fixture.ts';
import { mergeNodes } from './merge.ts';
import { locate } from './node.ts';

function merge(...texts: string[]): { value: unknown; marks: string[] } {
  const report = new Report();
  const merged = texts
    .map((text, index) => tree(text, `${index}.yaml`))
    .reduce((base, over) => mergeNodes(base, over, report));
  return { value: plain(merged), marks: marksOf(report) };
}

describe('sources laid over each other', () => {
  it('merge maps at every depth, and the later one wins for scalars', () => {
    expect(merge('a: {b: 1, c: {d: 2}}', 'a: {c: {e: 3}, b: 4}').value).toEqual({ a: { b: 4, c: { d: 2, e: 3 } } });
  });

  it('replace lists as a whole', () => {
    expect(merge('a: [1, 2]', 'a: [3]').value).toEqual({ a: [3] });
  });

  it('let a map and nothing replace each other, as the Collector does', () => {
    expect(merge('a: {b: 1}', 'a:').value).toEqual({ a: null });
    expect(merge('a:', 'a: {b: 1}').value).toEqual({ a: { b: 1 } });
  });

  it('keep the order of keys of the first', () => {
    expect(Object.keys(merge('{x: 1, y: 2}', '{z: 3, x: 4}').value as object)).toEqual(['x', 'y', 'z']);
  });

  it('keep the place of every value', () => {
    const report = new Report();
    const merged = mergeNodes(tree('a:\n  b: 1\n  c: 2', 'base.yaml'), tree('a:\n  c: 3', 'over.yaml'), report);
    const at = (key: string): unknown => locate(merged, merged.place, ['a', key]).node.place;
    expect(at('b')).toMatchObject({ file: 'base.yaml', line: 2, column: 6 });
    expect(at('c')).toMatchObject({ file: 'over.yaml', line: 2, column: 6 });
  });

  it('report a map against a scalar or a list with both places, and go on with the map', () => {
    const report = new Report();
    const merged = mergeNodes(tree('a:\n  b: 1', 'base.yaml'), tree('a: 5', 'over.yaml'), report);
    const [diagnostic] = report.diagnostics([]);
    expect(diagnostic).toMatchObject({ code: 'merge-conflict', file: 'over.yaml', line: 1, column: 4 });
    expect(diagnostic?.related?.[0]?.place).toMatchObject({ file: 'base.yaml', line: 2 });
    expect(plain(merged)).toEqual({ a: { b: 1 } });
    expect(merge('a: [1]', 'a: {b: 1}').marks).toEqual(['merge-conflict 1.yaml:1:4']);
  });
});
