import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCondition, parseStatement } from './parse.ts';
import { OttlError } from './problem.ts';

/** A tree without its places, as text. */
function shape(tree: unknown): string {
  return JSON.stringify(tree, (key, value: unknown) => {
    if (key === 'start' || key === 'end') return undefined;
    return typeof value === 'bigint'
      ? `${value}n`
      : value instanceof Uint8Array
        ? Buffer.from(value).toString('hex')
        : value;
  });
}

function problems(text: string, parse: (text: string) => unknown = parseCondition): [number, string][] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof OttlError) return error.problems.map(({ offset, message }) => [offset, message]);
    throw error;
  }
  return [];
}

describe('conditions', () => {
  test('and binds more tightly than or, and not more tightly than both', () => {
    expect(shape(parseCondition('true or not false and A()'))).toBe(
      shape(parseCondition('true or ((not false) and A())')),
    );
    expect(shape(parseCondition('true or not false and A()'))).not.toBe(
      shape(parseCondition('(true or not false) and A()')),
    );
  });

  test('math binds as usual, from the left, and brackets change that', () => {
    expect(shape(parseCondition('1 - 2 - 3 * 4 == 0'))).toBe(shape(parseCondition('((1 - 2) - (3 * 4)) == 0')));
    expect(shape(parseCondition('1 - 2 - 3 == 0'))).not.toBe(shape(parseCondition('1 - (2 - 3) == 0')));
  });

  test.each<[string, string]>([
    ['"a\\tb\\"\\u00e9\\x41\\101"', '{"kind":"string","value":"a\\tb\\"éAA"}'],
    ['-9223372036854775808', '{"kind":"int","value":"-9223372036854775808n"}'],
    ['010', '{"kind":"int","value":"8n"}'],
    ['1.5e3', '{"kind":"float","value":1500}'],
    ['-.5', '{"kind":"float","value":-0.5}'],
    ['0xCAFE', '{"kind":"bytes","value":"cafe"}'],
    ['nil', '{"kind":"nil"}'],
    ['SPAN_KIND_SERVER', '{"kind":"enum","name":"SPAN_KIND_SERVER"}'],
    [
      '[1, "a", []]',
      '{"kind":"list","items":[{"kind":"int","value":"1n"},{"kind":"string","value":"a"},{"kind":"list","items":[]}]}',
    ],
    [
      '{"a": 1, "b": {}}',
      '{"kind":"map","entries":[{"key":"a","value":{"kind":"int","value":"1n"}},{"key":"b","value":{"kind":"map","entries":[]}}]}',
    ],
  ])('%s is a value', (text, expected) => {
    expect(shape((parseCondition(`${text} == x`) as unknown as { left: object }).left)).toBe(expected);
  });

  test('a path has names with keys, which may be paths again', () => {
    const { left } = parseCondition('span.attributes["a"][0][attributes["b"]] == 1') as unknown as {
      left: { fields: { name: string; keys: object[] }[] };
    };
    expect(left.fields.map(({ name, keys }) => [name, keys.length])).toEqual([
      ['span', 0],
      ['attributes', 3],
    ]);
  });

  test('every node says where it stands', () => {
    const text = 'name == "x" and IsMatch(attributes["k"], "y")';
    const { operands } = parseCondition(text) as unknown as { operands: { start: number; end: number }[] };
    expect(operands.map(({ start, end }) => text.slice(start, end))).toEqual([
      'name == "x"',
      'IsMatch(attributes["k"], "y")',
    ]);
  });
});

describe('what is wrong', () => {
  test.each<[string, [number, string][]]>([
    ['', [[0, 'expected a value, found nothing more']]],
    ['name', [[4, 'expected a comparison (== != < <= > >=), found nothing more']]],
    ['name = "a"', [[5, 'expected a comparison (== != < <= > >=), found =']]],
    ['name == "a" or', [[14, 'expected a value, found nothing more']]],
    ['name == "a" name', [[12, 'expected and, or or the end, found name']]],
    ['(name == "a"', [[12, 'expected ) after a condition in brackets, found nothing more']]],
    ['name == "a', [[8, 'this string has no closing "']]],
    ['name == "\\d"', [[9, '\\d is no escape in a string; a backslash is written \\\\']]],
    ['isMatch(name, "a")', [[0, 'expected a converter, whose name starts with an upper-case letter, found isMatch']]],
    ['attributes[] == 1', [[11, 'expected a key: a string, an int or a path, found ]']]],
    ['Name == 1', [[0, 'expected a value; a converter is called as Name(…), found Name']]],
    ['a == 9223372036854775808', [[5, 'expected an int of 64 bits, found 9223372036854775808']]],
    ['a == 0x1', [[5, 'expected bytes as pairs of hex digits, found 0x1']]],
  ])('%s', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test('is told all at once where parsing can go on', () => {
    expect(problems('a = 1 and b == and "x" == \'y\' or c == "\\d"').map(([offset]) => offset)).toEqual([
      2, 15, 26, 28, 39,
    ]);
  });

  test('brackets without end do not exhaust the stack', () => {
    expect(problems('('.repeat(100_000))[0]?.[1]).toContain('at most 100 brackets within brackets');
    expect(problems(`a == ${'['.repeat(100_000)}`)[0]?.[1]).toContain('at most 100');
  });

  test('no text does anything but parse or say what is wrong within it', () => {
    const words = [
      'name',
      '==',
      'and',
      'or',
      'not',
      '(',
      ')',
      '[',
      ']',
      '"a"',
      '1',
      '-',
      '*',
      ',',
      'A',
      'Is',
      '.',
      '{',
      '}',
      ':',
      '=',
      'nil',
      'where',
      '0x',
      '\\',
      '"',
    ];
    const text = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((list) => list.join(' '));
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), (each) => {
        for (const parse of [parseCondition, parseStatement]) {
          for (const [offset] of problems(each, parse)) expect(offset).toBeLessThanOrEqual(each.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('statements', () => {
  test('have an editor, arguments by place and by name, and a condition', () => {
    const { editor, where } = parseStatement(
      'replace_all_patterns(attributes, "key", "a", "b", SHA256, replacement_format="x") where name != nil',
    );
    expect([editor.name, editor.args.length, editor.args.at(-1)?.name, where?.kind]).toEqual([
      'replace_all_patterns',
      6,
      'replacement_format',
      'comparison',
    ]);
  });

  test.each<[string, [number, string][]]>([
    ['Set(name, 1)', [[0, 'expected an editor, whose name starts with a lower-case letter, found Set']]],
    ['name == 1', [[0, 'expected an editor, called as name(…), found name']]],
    ['set(name)["a"]', [[10, 'expected no key after an editor; only paths and converters have keys']]],
    ['set(name 1)', [[9, 'expected ) or , after an argument of set, found 1']]],
  ])('%s is none', (text, expected) => {
    expect(problems(text, parseStatement)).toEqual(expected);
  });
});
