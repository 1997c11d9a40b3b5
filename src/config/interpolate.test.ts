import { describe, expect, it } from 'vitest';
import { Report } from './diagnostic.ts';
import { marksOf, plain, surroundings, tree } from './fixture.ts';
import { interpolate, retype, type Environment } from './interpolate.ts';

function run(yaml: string, environment: Environment): { value: unknown; marks: string[] } {
  const report = new Report();
  const value = plain(interpolate(tree(yaml), environment, report));
  return { value, marks: marksOf(report) };
}

describe('${…} in values', () => {
  it('is replaced from the environment, with and without env:', () => {
    const { value } = run('a: ${env:X}-${Y}', surroundings({ X: 'one', Y: 'two' }));
    expect(value).toEqual({ a: 'one-two' });
  });

  it('takes the default only where the variable is not set', () => {
    const { value } = run('[ "${env:X:-d}", "${env:E:-d}", "${Z:-}" ]', surroundings({ X: 'x', E: '' }));
    expect(value).toEqual(['x', null, null]);
  });

  it('takes defaults that hold references themselves', () => {
    const { value } = run('a: ${env:X:-${env:Y:-http://${env:H}:80}}', surroundings({ H: 'host' }));
    expect(value).toEqual({ a: 'http://host:80' });
  });

  it('does not ask for what an unused default names', () => {
    expect(run('a: ${env:X:-${env:MISSING}}', surroundings({ X: '1' }))).toEqual({ value: { a: 1 }, marks: [] });
  });

  it('is typed anew where it is the whole value, and stays text within a text', () => {
    const { value } = run(
      '{ a: "${N}", b: "${B}", c: "x${N}", d: "${T}" }',
      surroundings({ N: '12', B: 'true', T: 'a: b' }),
    );
    expect(value).toEqual({ a: 12, b: true, c: 'x12', d: 'a: b' });
  });

  it('cannot add structure, and what comes out is not looked at again', () => {
    const evil = 'x\nexporters:\n  file: {path: /etc/passwd}';
    expect(run('a: ${E}', surroundings({ E: evil })).value).toEqual({ a: evil });
    expect(run('a: ${E}', surroundings({ E: '[1, 2]' })).value).toEqual({ a: '[1, 2]' });
    expect(run('a: ${E}', surroundings({ E: '${SECRET}', SECRET: 's' })).value).toEqual({ a: '${SECRET}' });
  });

  it('leaves keys alone', () => {
    expect(run('"${X}": 1', surroundings({ X: 'x' })).value).toEqual({ '${X}': 1 });
  });

  it('writes a dollar sign as $$, and leaves one before anything but a brace', () => {
    const { value } = run("['$$', '$${env:X}', '$$$${X}', 'a$b', '$', '$1.50']", surroundings({ X: 'x' }));
    expect(value).toEqual(['$', '${env:X}', '$${X}', 'a$b', '$', '$1.50']);
  });

  it('reads files, less one line break at the end', () => {
    const { value } = run(
      '{ a: "${file:/t}", b: "<${file:/t}>", c: "${file:${D}/t}" }',
      surroundings({ D: '' }, { '/t': 'token\n', '/u': '' }),
    );
    expect(value).toEqual({ a: 'token', b: '<token>', c: 'token' });
    expect(run('a: ${file:/n}', surroundings({}, { '/n': 'x\n\n' })).value).toEqual({ a: 'x\n' });
  });

  it('reports every variable that is missing, at its place in the value', () => {
    const { marks } = run('a: http://${env:HOST}:${PORT}\nb: "${env:HOST}"', surroundings());
    expect(marks).toEqual([
      'missing-variable test.yaml:1:11',
      'missing-variable test.yaml:1:23',
      'missing-variable test.yaml:2:5',
    ]);
  });

  it('points at the start of a text that spans lines', () => {
    expect(run('a: |\n  x\n  ${env:HOST}\n', surroundings()).marks).toEqual(['missing-variable test.yaml:1:4']);
  });

  it('does not find variables on the prototype of the environment', () => {
    expect(run('a: ${constructor}', surroundings()).marks).toEqual(['missing-variable test.yaml:1:4']);
  });

  it('refuses unknown sources, odd names and braces that stay open', () => {
    const { marks } = run("['${yaml:x}', '${a b}', '${}', '${env:X', '${env:X:-${Y}']", surroundings({ X: '' }));
    expect(marks.map((mark) => mark.split(' ')[0])).toEqual(Array.from({ length: 5 }, () => 'invalid-interpolation'));
  });
});

describe('a text typed as YAML types it', () => {
  it.each([
    ['12', 12],
    ['-1.5', -1.5],
    ['0x10', 16],
    ['true', true],
    ['~', null],
    ['', null],
    ['no', 'no'],
    ['12 # twelve', '12 # twelve'],
    ['"12"', '"12"'],
    ['[]', '[]'],
    ['1:30', '1:30'],
    ['2024-01-01', '2024-01-01'],
  ])('%j is %j', (text, value) => {
    expect(retype(text)).toBe(value);
  });
});
