import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Report } from './diagnostic.ts';
import { marksOf, plain, tree } from './fixture.ts';
import { locate } from './node.ts';
import { parseYaml } from './parse.ts';

function marks(text: string): string[] {
  const report = new Report();
  parseYaml('test.yaml', text, report);
  return marksOf(report);
}

describe('YAML as a tree with places', () => {
  it('resolves anchors, aliases and merge keys, whose entries give way to those of the map itself', () => {
    const text = 'base: &b {x: 1, y: 2}\nother: &o {z: 3}\none:\n  y: 5\n  <<: [*b, *o]\nlist: [*o]';
    expect(plain(tree(text))).toMatchObject({ one: { x: 1, y: 5, z: 3 }, list: [{ z: 3 }] });
  });

  it('points into the anchor for what an alias brought in', () => {
    const node = tree('base: &b\n  x: 1\none:\n  <<: *b');
    expect(locate(node, node.place, ['one', 'x']).node.place).toMatchObject({ line: 2, column: 6 });
  });

  it('keeps YAML 1.2: no, on and yes are texts', () => {
    expect(plain(tree('[no, on, yes, 010, 1e3]'))).toEqual(['no', 'on', 'yes', 10, 1000]);
  });

  it('takes keys as text, whatever they look like', () => {
    expect(plain(tree('8080: a\ntrue: b\n0123: c'))).toEqual({ '8080': 'a', true: 'b', '0123': 'c' });
  });

  it('keeps keys such as constructor apart from what objects inherit', () => {
    const node = tree('constructor: 1\ntoString: 2');
    expect(node.kind === 'map' && [...node.entries.keys()]).toEqual(['constructor', 'toString']);
  });

  it('refuses __proto__, also where a merge key would bring it in', () => {
    expect(marks('a: {__proto__: 1}')).toEqual(['invalid-key test.yaml:1:5']);
    expect(marks('a: &x {"__proto__": 1}\nb: {<<: *x}')).toEqual(['invalid-key test.yaml:1:8']);
  });

  it('reports each key that stands twice, and every line that is broken', () => {
    expect(marks('a: 1\nb: 2\na: 3\nb: 4')).toEqual(['duplicate-key test.yaml:3:1', 'duplicate-key test.yaml:4:1']);
    expect(marks('a: @x\nb: 1\nc: `y`')).toEqual(['yaml-syntax test.yaml:1:4', 'yaml-syntax test.yaml:3:4']);
  });

  it('bounds depth, and size with aliases written out', () => {
    expect(marks(`a: ${'['.repeat(500)}${']'.repeat(500)}`)).toEqual(['too-large test.yaml:1:204']);
    const levels = Array.from({ length: 30 }, (_, i) => `l${i + 1}: &l${i + 1} [*l${i}, *l${i}]`);
    expect(marks(['l0: &l0 [x, y]', ...levels].join('\n'))[0]).toMatch(/^too-large/);
  });

  it('reads Windows line ends and an empty document', () => {
    expect(plain(tree('a: 1\r\nb: x\r\n'))).toEqual({ a: 1, b: 'x' });
    expect(plain(tree('# nothing\n'))).toBe(null);
  });

  it('never throws, and says something about whatever it does not take', () => {
    const piece = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '\t',
      '- ',
      '&x',
      '*x',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '<<',
      '|',
      '>',
      '?',
      '!',
      '#',
      '---\n',
      '%',
      ',',
      '\0',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join('')),
        (text) => {
          const report = new Report();
          const node = parseYaml('fuzz', text, report);
          return node !== undefined || report.failed;
        },
      ),
      { numRuns: 1500, interruptAfterTimeLimit: 3000 },
    );
  });
});
