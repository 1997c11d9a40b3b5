import { describe, expect, it } from 'vitest';
import type { Stream } from '../labels/guard.ts';
import type { PushedStream } from './pushed-stream.ts';
import { Requests } from './requests.ts';

const minute = 60_000;
const [a, b, c] = ['a', 'b', 'c'].map((text): Stream => ({ text, labels: [], lastUsed: 0 })) as [
  Stream,
  Stream,
  Stream,
];

const pushed = (stream: Stream, more: Partial<PushedStream> = {}): PushedStream => ({
  stream,
  count: 1,
  start: 0,
  end: 1000,
  oldest: 5000,
  newest: 5000,
  ...more,
});
const names = (groups: readonly (readonly PushedStream[])[]): string[] =>
  groups.map((group) => group.map(({ stream }) => stream.text).join('+'));

/** Requests that have had all three streams already. */
function known(): Requests {
  const requests = new Requests('auto');
  requests.taken([pushed(a), pushed(b), pushed(c)], 0);
  return requests;
}

describe('streams share a request', () => {
  it('where Loki has had them before', () => {
    expect(names(known().of([pushed(a), pushed(b)], minute, false))).toEqual(['a+b']);
  });

  it.each([
    ['new', 1, {}],
    ['out of use for a while', 30 * minute, {}],
    ['with an entry far behind the newest', minute, { oldest: 1000 }],
    ['behind what was pushed before', minute, { oldest: 1000, newest: 1000 }],
    ['fast', minute, { end: 8_000_000 }],
  ])('unless they are %s', (why, now, more) => {
    const requests = why === 'new' ? new Requests('auto') : known();
    if (why === 'new') requests.taken([pushed(b), pushed(c)], 0);
    if (now > 10 * minute) requests.taken([pushed(b), pushed(c)], now - 1);
    expect(names(requests.of([pushed(b), pushed(a, more), pushed(c)], now, false))).toEqual(['a', 'b+c']);
  });

  it('unless many small pushes add up', () => {
    const requests = known();
    for (let i = 0; i < 80; i++) requests.taken([pushed(a, { end: 100_000 })], i);
    expect(names(requests.of([pushed(a), pushed(b)], 100, false))).toEqual(['a', 'b']);
    expect(names(requests.of([pushed(a), pushed(b)], minute, false))).toEqual(['a+b']);
  });

  it('as it is said', () => {
    expect(names(new Requests('never').of([pushed(a), pushed(b)], 0, false))).toEqual(['a+b']);
    expect(names(new Requests('never').of([pushed(a), pushed(b)], 0, true))).toEqual(['a', 'b']);
    expect(names(new Requests('always').of([pushed(a), pushed(b)], 0, false))).toEqual(['a', 'b']);
  });
});
