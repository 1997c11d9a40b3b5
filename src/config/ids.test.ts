import { describe, expect, it } from 'vitest';
import { listed, parseId, whyNotAnId } from './ids.ts';

describe('component ids', () => {
  it.each([
    ['otlp', { type: 'otlp' }],
    ['otlp/a', { type: 'otlp', name: 'a' }],
    ['otlp/a/b.c-d', { type: 'otlp', name: 'a/b.c-d' }],
    ['otlp/käse', { type: 'otlp', name: 'käse' }],
    [`o/${'x'.repeat(1024)}`, { type: 'o', name: 'x'.repeat(1024) }],
  ])('%s', (text, id) => {
    expect(parseId(text)).toEqual(id);
  });

  it.each(['', '/a', 'otlp/', '1x', 'a-b', 'a/b c', 'a/$b', `o/${'x'.repeat(1025)}`, 'x'.repeat(64), 'a/\u0007'])(
    '%j is none',
    (text) => {
      expect(parseId(text)).toBeUndefined();
      expect(whyNotAnId(text)).toEqual(expect.any(String));
    },
  );
});

describe('words in a list', () => {
  it('are joined as in a sentence', () => {
    expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'], 'or')]).toEqual([
      '',
      'a',
      'a and b',
      'a, b or c',
    ]);
  });
});
