import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexName, streamPart } from './index-name.ts';

const any = fc.string({ unit: 'binary', maxLength: 400 });

describe('the name of an index', () => {
  it.each([
    ['Logs-Shop', 'logs-shop'],
    ['a\\b/c*d?e"f<g>h|i j,k#l:m', 'a_b_c_d_e_f_g_h_i_j_k_l_m'],
    ['a\n{"delete":{}}\r\0', 'a_{_delete__{}}__'],
    ['--_+logs', 'logs'],
    ['../../etc', '.._.._etc'],
    ['.', undefined],
    ['..', undefined],
    ['', undefined],
    ['_', undefined],
  ])('%j becomes %j', (text, name) => {
    expect(indexName(text)).toBe(name);
  });

  it('is one that Elasticsearch takes, whatever the text', () => {
    fc.assert(
      fc.property(any, (text) => {
        const name = indexName(text);
        if (name === undefined) return;
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        expect(name).toMatch(/^[^-_+][^\\/*?"<>| ,#:\n\r]*$/u);
        expect(name).toBe(name.toLowerCase());
        expect(['.', '..', '']).not.toContain(name);
      }),
    );
  });
});

describe('a part of the name of a data stream', () => {
  it('has no hyphens where they would tell parts apart, and its ending also where it is cut', () => {
    expect(streamPart('My-App', false, '.otel')).toBe('my_app.otel');
    expect(streamPart('eu-west', true)).toBe('eu-west');
    expect(streamPart('x'.repeat(300), false, '.otel')).toBe(`${'x'.repeat(95)}.otel`);
    expect(Buffer.byteLength(streamPart('ä'.repeat(300), true))).toBeLessThanOrEqual(100);
  });
});
