import { describe, expect, it } from 'vitest';
import type { Diagnostic } from './diagnostic.ts';
import { file } from './fixture.ts';
import { formatDiagnostics } from './format.ts';
import { redactLine } from './secrets.ts';

const at = (line: number, column: number, length: number): Diagnostic => ({
  severity: 'error',
  code: 'unknown-field',
  message: 'no',
  file: 'test.yaml',
  line,
  column,
  length,
});

describe('diagnostics for people', () => {
  it('are nothing where there are none', () => {
    expect(formatDiagnostics([], [])).toBe('');
  });

  it('have the place, the line, a caret, what was found and a hint, and end in a count', () => {
    const diagnostic: Diagnostic = {
      ...at(2, 3, 2),
      found: '"bx"',
      hint: 'did you mean "by"?',
      related: [{ message: 'here', place: at(1, 1, 1) }],
    };
    const warning: Diagnostic = { ...at(1, 1, 1), severity: 'warning' };
    expect(formatDiagnostics([diagnostic, warning], [file('a:\n  bx: 1\n')])).toBe(`\
test.yaml:2:3: error: no [unknown-field]
   2 |   bx: 1
     |   ^^
  found: "bx"
  see: test.yaml:1:1: here
  hint: did you mean "by"?

test.yaml:1:1: warning: no [unknown-field]
   1 | a:
     | ^

1 error, 1 warning
`);
  });

  it('do without the line where the source is not at hand', () => {
    expect(formatDiagnostics([at(9, 1, 1)], [])).toBe('test.yaml:9:1: error: no [unknown-field]\n\n1 error\n');
  });

  it('cut long lines around the caret', () => {
    const text = `${'x'.repeat(300)}HERE${'y'.repeat(300)}`;
    const [, line, caret] = formatDiagnostics([at(1, 301, 4)], [file(text)]).split('\n');
    expect(line?.length).toBeLessThan(160);
    expect(line?.slice(caret?.indexOf('^'), (caret?.lastIndexOf('^') ?? 0) + 1)).toBe('HERE');
  });

  it('cannot steer a terminal', () => {
    const evil = { ...at(1, 1, 1), message: 'a\u001B[2Jb', found: 'x\u202Ey\u0007' };
    const text = formatDiagnostics([evil], [file('a\u001B[31mb\r\n')]);
    expect(['\u001B', '\u0007', '\u202E', '\r'].filter((character) => text.includes(character))).toEqual([]);
  });

  it('are coloured only when asked', () => {
    expect(formatDiagnostics([at(1, 1, 1)], [file('a')])).not.toContain('\u001B');
    expect(formatDiagnostics([at(1, 1, 1)], [file('a')], { color: true })).toContain('\u001B[1;31m');
  });

  it('leave hidden stretches out, and keep the caret where it belongs', () => {
    const line = 'k: {a: hunter2, b: x}';
    const hidden = [{ column: 8, length: 7 }];
    const behind = formatDiagnostics([{ ...at(1, 17, 1), hidden }], [file(line)]).split('\n');
    expect(behind[1]).toBe('   1 | k: {a: [redacted], b: x}');
    expect(behind[1]?.[behind[2]?.indexOf('^') ?? 0]).toBe('b');
    const within = formatDiagnostics([{ ...at(1, 10, 2), hidden }], [file(line)]).split('\n');
    expect(within[2]).toBe('     |        ^^^^^^^^^^');
  });
});

describe('a line of which nothing is known', () => {
  it.each([
    ['password: hunter2', 'password: [redacted]'],
    ['  "api_key": "hunter2",', '  "api_key": "[redacted]",'],
    ['a.client_secret=hunter2', 'a.client_secret=[redacted]'],
    ['Authorization: Bearer hunter2', 'Authorization: [redacted]'],
    ['x-custom: Bearer hunter2', 'x-custom: Bearer [redacted]'],
    ['password: ${env:PASSWORD}', 'password: ${env:PASSWORD}'],
    ['authorization: Bearer ${env:TOKEN}', 'authorization: Bearer ${env:TOKEN}'],
    ['token_url: https://host', 'token_url: https://host'],
    ['endpoint: localhost:4317', 'endpoint: localhost:4317'],
  ])('%s', (line, shown) => {
    expect(redactLine(line)).toBe(shown);
  });
});
