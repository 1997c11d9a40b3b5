import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HttpFault } from '../incoming.ts';
import { Chunks } from './chunks.ts';

/** The data of a body in pieces; where it went on after its end, and the status of its fault. */
function read(...pieces: readonly string[]): { data: string; ended: boolean; rest: string; status?: number } {
  const chunks = new Chunks();
  let data = '';
  let rest = '';
  try {
    for (const piece of pieces) {
      const bytes = Buffer.from(piece, 'latin1');
      const at = chunks.read(bytes, 0, (part) => (data += part.toString('latin1')));
      rest += piece.slice(at);
    }
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error;
    return { data, ended: chunks.ended, rest, status: error.status };
  }
  return { data, ended: chunks.ended, rest };
}

describe('a body in chunks', () => {
  it('is its data, and leaves what follows', () => {
    expect(read('5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\nGET /')).toEqual({
      data: 'hello0123456789',
      ended: true,
      rest: 'GET /',
    });
  });

  it.each([
    ['extensions', '5;a=b;c="d e"\r\nhello\r\n0;x\r\n\r\n'],
    ['trailers', '5\r\nhello\r\n0\r\nX: a\r\nY:\r\n\r\n'],
    ['leading zeros', '0005\r\nhello\r\n000\r\n\r\n'],
  ])('may have %s', (_what, text) => {
    expect(read(text)).toEqual({ data: 'hello', ended: true, rest: '' });
  });

  it.each([
    ['no size', '\r\nhello'],
    ['a size in 0x', '0x5\r\nhello'],
    ['a negative size', '-5\r\nhello'],
    ['a signed size', '+5\r\nhello'],
    ['a space before the size', ' 5\r\nhello'],
    ['a space after the size', '5 \r\nhello'],
    ['a size beyond all measure', 'fffffffffffffffff\r\n'],
    ['a size of zeros without end', '0000000000000'],
    ['a bare LF after the size', '5\nhello'],
    ['a bare CR after the size', '5\rhello'],
    ['a bare LF in an extension', '5;a\nhello'],
    ['NUL in an extension', '5;\0'],
    ['more data than its size', '5\r\nhello!\r\n'],
    ['a bare LF after the data', '5\r\nhello\n0\r\n\r\n'],
    ['a folded trailer', '0\r\nX: a\r\n b\r\n\r\n'],
    ['a trailer without a colon', '0\r\nX\r\n\r\n'],
    ['a space before the colon of a trailer', '0\r\nX : a\r\n\r\n'],
    ['a bare LF at the end', '0\r\n\n'],
    ['a bare CR in a trailer', '0\r\nX: a\rb'],
  ])('is refused with %s', (_what, text) => {
    expect(read(text).status).toBe(400);
  });

  it('is refused with many extensions, be they ever so small, and with long trailers', () => {
    expect(read(`1;${'a'.repeat(5000)}`).status).toBe(413);
    expect(read('1;abc\r\nx\r\n'.repeat(2000)).status).toBe(413);
    expect(read(`0\r\n${'X: y\r\n'.repeat(2000)}`).status).toBe(431);
  });

  it('is the same however it is cut', () => {
    const text = '5;a=b\r\nhello\r\n3\r\n\r\n!\r\n0\r\nX: y\r\n\r\nrest';
    const whole = read(text);
    for (let cut = 0; cut <= text.length; cut++) expect(read(text.slice(0, cut), text.slice(cut))).toEqual(whole);
    expect(read(...text.split(''))).toEqual(whole);
  });

  it('gives back any data in any chunks', () => {
    const property = fc.property(
      fc.array(fc.string({ minLength: 1, unit: 'binary-ascii' })),
      fc.nat(),
      (parts, seed) => {
        const text = `${parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('')}0\r\n\r\n`;
        const cut = seed % (text.length + 1);
        expect(read(text.slice(0, cut), text.slice(cut))).toEqual({ data: parts.join(''), ended: true, rest: '' });
      },
    );
    fc.assert(property, { numRuns: 300 });
  });
});
