import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codes, type Diagnostic } from '../../src/config/index.ts';
import { diagnose, goldenNames, readCases, type Case } from './cases.ts';

const update = process.env['UPDATE_GOLDEN'] === '1';
const cases = readCases();

function exists({ file, line, column }: Diagnostic, { sources }: Case): boolean {
  return sources.some((source) => {
    const [name, text] =
      'set' in source ? [`--set ${source.set.split('=', 1)[0]}`, source.set] : [source.name, source.text];
    const found = name === file ? text.split('\n')[line - 1] : undefined;
    return found !== undefined && column <= found.length + 1;
  });
}

describe('what is said about a mistake', () => {
  it.each(cases)('$name.yaml reads as in $name.golden', (one) => {
    const { text } = diagnose(one);
    if (update) writeFileSync(one.golden, text);
    expect(existsSync(one.golden), 'run with UPDATE_GOLDEN=1, and read what it wrote').toBe(true);
    expect(text).toBe(readFileSync(one.golden, 'utf8'));
  });

  it('has a case for every rule in the table that loading can break', () => {
    // Said by the engine, when it loads the plugins that a configuration names.
    const ofPlugins = new Set(['unloadable-plugin', 'conflicting-plugin']);
    const seen = new Set(cases.flatMap((one) => diagnose(one).diagnostics.map(({ code }) => code)));
    expect(Object.keys(codes).filter((code) => !ofPlugins.has(code) && !seen.has(code as Diagnostic['code']))).toEqual(
      [],
    );
  });

  it('has no expectation without its case', () => {
    expect(new Set(goldenNames())).toEqual(new Set(cases.map(({ name }) => name)));
  });

  it('points every finding at a place that exists', () => {
    const outside = cases.flatMap((one) => diagnose(one).diagnostics.filter((finding) => !exists(finding, one)));
    expect(outside).toEqual([]);
  });

  it('never shows the secrets that cases hold', () => {
    const texts = cases.map((one) => diagnose(one).text);
    expect(cases.some(({ sources }) => sources.some((source) => JSON.stringify(source).includes('hunter2')))).toBe(
      true,
    );
    expect(texts.filter((text) => text.includes('hunter2'))).toEqual([]);
  });
});
