import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Recorder } from './testing.ts';

const requests = [
  'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello',
  '\r\nGET /b HTTP/1.1\r\nHost: x\r\nX-Long: 0123456789\r\n\r\n',
  'POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n1\r\n!\r\n0\r\nT: v\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n',
];
const text = requests.join('');
const expected = [
  { method: 'POST', path: '/a', body: 'hello' },
  { method: 'GET', path: '/b', body: '' },
  { method: 'POST', path: '/c', body: 'hello!' },
  { method: 'POST', path: '/', body: '' },
];

async function seenOf(pieces: readonly string[]): Promise<unknown> {
  const recorder = new Recorder();
  const client = recorder.connect();
  await client.send(...pieces);
  const { statuses } = client;
  client.destroy();
  return { seen: recorder.seen, statuses, held: recorder.inflight.held };
}

const right = { seen: expected, statuses: [200, 200, 200, 200], held: 0 };

describe('requests on end', () => {
  it('are the same wherever they are cut in two', async () => {
    const cuts = Array.from({ length: text.length + 1 }, (_unused, cut) => cut);
    const found = await Promise.all(cuts.map((cut) => seenOf([text.slice(0, cut), text.slice(cut)])));
    found.forEach((one, cut) => expect([cut, one]).toEqual([cut, right]));
  });

  it('are the same byte by byte', async () => {
    expect(await seenOf(text.split(''))).toEqual(right);
  });

  it('are the same in any pieces', async () => {
    const property = fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 12 }), async (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
      const pieces = places.slice(1).map((to, index) => text.slice(places[index], to));
      expect(await seenOf(pieces)).toEqual(right);
    });
    await fc.assert(property, { numRuns: 50 });
  });
});
