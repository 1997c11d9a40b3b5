import { describe, expect, it } from 'vitest';
import { HttpFault } from '../incoming.ts';
import { parseHead } from './parse-head.ts';

function parsed(text: string): ReturnType<typeof parseHead> {
  const bytes = Buffer.from(text, 'latin1');
  return parseHead(bytes, 0, bytes.length);
}

function status(text: string): number {
  try {
    return parsed(text) === undefined ? 0 : 200;
  } catch (error) {
    if (error instanceof HttpFault) return error.status;
    throw error;
  }
}

const host = 'Host: a\r\n';
const get = (headers: string): string => `GET / HTTP/1.1\r\n${host}${headers}\r\n`;

describe('a request head', () => {
  it('gives method, target, and headers by their names in any case', () => {
    const head = parsed(get('X-One: \t a b \t\r\nx-ONE:c\r\nEmpty:\r\n'))?.head;
    expect([head?.method, head?.target, head?.value('x-one'), head?.value('empty'), head?.value('none')]).toEqual([
      'GET',
      '/',
      'a b, c',
      '',
      undefined,
    ]);
    expect(head?.map()).toEqual(
      new Map([
        ['host', ['a']],
        ['x-one', ['a b', 'c']],
        ['empty', ['']],
      ]),
    );
  });

  it('ends where the empty line ends, and leaves the body alone', () => {
    const text = get('Content-Length: 3\r\n');
    const found = parsed(`${text}abc`);
    expect([found?.end, found?.head.length]).toEqual([text.length, 3]);
  });

  it.each([
    ['GET / HTTP/1.1', true],
    ['GET / HTTP/1.0', false],
  ])('%s: keep-alive is %s unless the sender says otherwise', (line, usual) => {
    const keep = (headers: string): boolean | undefined => parsed(`${line}\r\n${host}${headers}\r\n`)?.head.keepAlive;
    expect([keep(''), keep('Connection: close\r\n'), keep('Connection: te, Keep-Alive\r\n')]).toEqual([
      usual,
      false,
      true,
    ]);
    expect(keep('Connection: keep-alive\r\nConnection: foo ,CLOSE\r\n')).toBe(false);
  });

  it.each([
    ['an absolute target', `POST http://a/v1?x HTTP/1.1\r\n${host}\r\n`],
    ['any method', `M-SEARCH /x HTTP/1.1\r\n${host}\r\n`],
    ['an asterisk for OPTIONS', `OPTIONS * HTTP/1.1\r\n${host}\r\n`],
    ['empty lines before it', `\r\n\r\nGET / HTTP/1.1\r\n${host}\r\n`],
    ['values beyond ASCII', get('X: \xe4\xff\r\n')],
    ['no Host in HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n'],
    ['an IPv6 host', 'GET / HTTP/1.1\r\nHost: [::1]:4318\r\n\r\n'],
    ['15.9 KiB of headers', get(`X: ${'x'.repeat(16_200)}\r\n`)],
    ['256 headers', get('a: b\r\n'.repeat(255))],
    ['chunks', get('Transfer-Encoding: Chunked\r\n')],
  ])('is taken with %s', (_what, text) => {
    expect(status(text)).toBe(200);
  });

  it.each([
    [400, 'no Host', 'GET / HTTP/1.1\r\n\r\n'],
    [400, 'two hosts', get('Host: b\r\n')],
    [400, 'a host with a space', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n'],
    [400, 'a host with a path', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n'],
    [400, 'a bare LF after the request line', `GET / HTTP/1.1\n${host}\r\n`],
    [400, 'a bare LF after a header', 'GET / HTTP/1.1\r\nHost: a\n\r\n'],
    [400, 'a bare LF at its end', `GET / HTTP/1.1\r\n${host}\n`],
    [400, 'a bare CR in a value', get('X: a\rb\r\n')],
    [400, 'a bare CR in a name', get('X\r: a\r\n')],
    [400, 'NUL in a value', get('X: a\0b\r\n')],
    [400, 'NUL in the target', `GET /\0 HTTP/1.1\r\n${host}\r\n`],
    [400, 'a folded header', get('X: a\r\n b\r\n')],
    [400, 'a folded header by a tab', get('X: a\r\n\tb\r\n')],
    [400, 'a space before the first header', `GET / HTTP/1.1\r\n Host: a\r\n\r\n`],
    [400, 'a space before the colon', get('X : a\r\n')],
    [400, 'a tab before the colon', get('Content-Length\t: 5\r\n')],
    [400, 'an empty name', get(': a\r\n')],
    [400, 'no colon', get('abc\r\n')],
    [400, 'a name in brackets', get('[x]: a\r\n')],
    [400, 'two spaces before the target', `GET  / HTTP/1.1\r\n${host}\r\n`],
    [400, 'two spaces after the target', `GET /  HTTP/1.1\r\n${host}\r\n`],
    [400, 'a tab in the request line', `GET\t/ HTTP/1.1\r\n${host}\r\n`],
    [400, 'a space after the version', `GET / HTTP/1.1 \r\n${host}\r\n`],
    [400, 'no version (HTTP/0.9)', 'GET /\r\n\r\n'],
    [400, 'no target', `GET HTTP/1.1\r\n${host}\r\n`],
    [400, 'a relative target', `GET abc HTTP/1.1\r\n${host}\r\n`],
    [400, 'a fragment', `GET /a#b HTTP/1.1\r\n${host}\r\n`],
    [400, 'CONNECT', `CONNECT a:443 HTTP/1.1\r\n${host}\r\n`],
    [400, 'an asterisk for GET', `GET * HTTP/1.1\r\n${host}\r\n`],
    [400, 'a target of another scheme', `GET ftp://a/ HTTP/1.1\r\n${host}\r\n`],
    [400, 'a version in lower case', `GET / http/1.1\r\n${host}\r\n`],
    [400, 'a version of two digits', `GET / HTTP/1.10\r\n${host}\r\n`],
    [400, 'a long method', `${'A'.repeat(33)} / HTTP/1.1\r\n${host}\r\n`],
    [400, 'a long version', `GET / ${'A'.repeat(100)}`],
    [505, 'HTTP/2.0', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    [505, 'HTTP/0.9 by name', `GET / HTTP/0.9\r\n${host}\r\n`],
    [505, 'HTTP/1.2', `GET / HTTP/1.2\r\n${host}\r\n`],
    [414, 'a target of 9 KiB', `GET /${'a'.repeat(9000)} HTTP/1.1\r\n${host}\r\n`],
    [414, 'a target of 9 KiB that goes on', `GET /${'a'.repeat(9000)}`],
    [431, 'headers of 17 KiB', get(`X: ${'x'.repeat(17_000)}\r\n`)],
    [431, 'headers of 17 KiB that go on', `GET / HTTP/1.1\r\nX: ${'x'.repeat(17_000)}`],
    [431, 'empty lines without end', '\r\n'.repeat(9000)],
    [431, '257 headers', get('a: b\r\n'.repeat(256))],
    [417, 'another expectation', get('Expect: 200-ok\r\n')],
    [400, 'two lengths that differ', get('Content-Length: 5\r\nContent-Length: 6\r\n')],
    [400, 'two lengths that agree', get('Content-Length: 5\r\nContent-Length: 5\r\n')],
    [400, 'two lengths in one', get('Content-Length: 5, 5\r\n')],
    [400, 'an empty length', get('Content-Length:\r\n')],
    [400, 'a length with a sign', get('Content-Length: +5\r\n')],
    [400, 'a negative length', get('Content-Length: -5\r\n')],
    [400, 'a length in hexadecimal', get('Content-Length: 0x5\r\n')],
    [400, 'a length with a point', get('Content-Length: 5.0\r\n')],
    [400, 'a length with a space in it', get('Content-Length: 1 0\r\n')],
    [413, 'a length beyond 2^53', get('Content-Length: 99999999999999999999\r\n')],
    [400, 'length and chunks', get('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n')],
    [400, 'chunks and length', get('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n')],
    [400, 'chunks twice', get('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n')],
    [400, 'chunks in HTTP/1.0', `GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n`],
    [501, 'gzip as transfer encoding', get('Transfer-Encoding: gzip, chunked\r\n')],
    [501, 'chunked, identity', get('Transfer-Encoding: chunked, identity\r\n')],
    [501, 'xchunked', get('Transfer-Encoding: xchunked\r\n')],
    [501, 'chunked with a parameter', get('Transfer-Encoding: chunked;a=b\r\n')],
    [501, 'chunked in quotes', get('Transfer-Encoding: "chunked"\r\n')],
    [400, 'chunked behind a vertical tab', get('Transfer-Encoding: \x0bchunked\r\n')],
    [501, 'an empty transfer encoding', get('Transfer-Encoding:\r\n')],
  ])('is answered %i with %s', (expected, _what, text) => {
    expect(status(text)).toBe(expected);
  });

  it('is waited for while any part of it is missing', () => {
    const text = get('Content-Length: 5\r\nX: y\r\n');
    for (let cut = 0; cut < text.length; cut++) expect([cut, status(text.slice(0, cut))]).toEqual([cut, 0]);
  });
});
