import { describe, expect, it } from 'vitest';
import { requestHead, responseHead, validTrailers } from './field-rules.ts';
import { Decoder, type HeaderBlock } from './hpack/decoder.ts';
import { literalBlock } from './testing.ts';

const block = (...fields: readonly string[]): HeaderBlock =>
  new Decoder({ tableSize: 4096, maxListSize: 16_384 }).decode(literalBlock(fields));
const pseudo = [':method', 'POST', ':scheme', 'http', ':path', '/', ':authority', 'a'];

describe('requestHead', () => {
  it('takes a request apart', () => {
    expect(requestHead(block(...pseudo, 'te', 'trailers', 'content-length', '12', 'x', 'y'))).toMatchObject({
      method: 'POST',
      scheme: 'http',
      path: '/',
      authority: 'a',
      contentLength: 12,
      fields: ['te', 'trailers', 'content-length', '12', 'x', 'y'],
    });
  });

  it.each([
    ['a missing path', pseudo.slice(0, 4)],
    ['an empty path', [...pseudo.slice(0, 4), ':path', '']],
    ['a path twice', [...pseudo, ':path', '/']],
    ['an unknown pseudo header', [...pseudo, ':status', '200']],
    ['a pseudo header behind others', ['x', 'y', ...pseudo]],
    ['a name in upper case', [...pseudo, 'X-Key', 'y']],
    ['a name with a space', [...pseudo, 'x y', 'z']],
    ['an empty name', [...pseudo, '', 'z']],
    ['a value with a line break', [...pseudo, 'x', 'y\r\nz: 1']],
    ['a path with a NUL', [...pseudo.slice(0, 4), ':path', '/\0']],
    ['a header of HTTP/1.1', [...pseudo, 'connection', 'close']],
    ['te with more than trailers', [...pseudo, 'te', 'trailers, deflate']],
    ['two lengths', [...pseudo, 'content-length', '1', 'content-length', '2']],
    ['a length that is none', [...pseudo, 'content-length', '-1']],
  ])('refuses %s', (_, fields) => {
    expect(requestHead(block(...fields))).toBeUndefined();
  });

  it('refuses a bad field also when it comes from the dynamic table', () => {
    const decoder = new Decoder({ tableSize: 4096, maxListSize: 16_384 });
    const request = literalBlock(pseudo);
    const bad = Buffer.concat([request, Buffer.from([0x40, 1, 0x58, 1, 0x79])]);
    expect(requestHead(decoder.decode(bad))).toBeUndefined();
    expect(requestHead(decoder.decode(Buffer.concat([request, Buffer.from([0xbe])])))).toBeUndefined();
    expect(requestHead(decoder.decode(request))).toBeDefined();
  });
});

describe('responseHead and validTrailers', () => {
  it('take what is well formed', () => {
    expect(responseHead(block(':status', '204', 'x', 'y'))).toMatchObject({ status: 204, fields: ['x', 'y'] });
    expect(validTrailers(block('grpc-status', '0'))).toBe(true);
  });

  it.each([
    [['x', 'y']],
    [[':status', '20']],
    [[':status', '200', ':status', '200']],
    [[':path', '/', ':status', '200']],
  ])('refuse %j', (fields) => {
    expect(responseHead(block(...fields))).toBeUndefined();
  });

  it('refuse pseudo headers in trailers', () => {
    expect(validTrailers(block(':status', '200'))).toBe(false);
  });
});
