import { describe, expect, it } from 'vitest';
import { Recorder, settled } from './testing.ts';

const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
const post = (path: string, body: string, headers = ''): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`;
const paths = (received: string): string[] => [...received.matchAll(/GET (\/\w)/g)].map(([, path]) => path as string);

describe('requests on one connection', () => {
  it('are answered in their order, the next one only when the last has its answer', async () => {
    const gates = new Map<string, () => void>();
    const recorder = new Recorder({}, ({ path }) => {
      const { promise, resolve } = Promise.withResolvers<{ status: number; body: string }>();
      gates.set(path, () => resolve({ status: 200, body: `GET ${path}` }));
      return promise;
    });
    const client = recorder.connect();
    await client.send(get('/a') + get('/b') + get('/c'));
    expect([...gates.keys()]).toEqual(['/a']);
    for (const path of ['/a', '/b', '/c']) {
      gates.get(path)?.();
      await settled();
    }
    expect(paths(client.received)).toEqual(['/a', '/b', '/c']);
    client.destroy();
  });

  it('are not read while an answer is being made', async () => {
    const recorder = new Recorder({}, () => new Promise<never>(() => {}));
    const client = recorder.connect();
    await client.send(get('/a'));
    for (let i = 0; i < 50; i++) await client.send(get('/b').repeat(100));
    expect(recorder.seen).toHaveLength(1);
    expect(client.connection.socket.isPaused()).toBe(true);
    client.destroy();
  });

  it('are all answered where the sender has ended its side after them', async () => {
    const recorder = new Recorder();
    const client = recorder.connect();
    await client.send(get('/a') + get('/b'));
    await client.end();
    await settled();
    expect(client.statuses).toEqual([200, 200]);
    expect(client.closed).toBe(true);
    client.destroy();
  });

  it('end with one whose answer is pending when the sender ends its side', async () => {
    const { promise, resolve } = Promise.withResolvers<{ status: number; body: string }>();
    const recorder = new Recorder({}, () => promise);
    const client = recorder.connect();
    await client.send(get('/a'));
    await client.end();
    resolve({ status: 200, body: 'late' });
    await settled();
    expect(client.received).toMatch(/connection: close\r\n.*late$/s);
    expect(client.closed).toBe(true);
    client.destroy();
  });

  it('give back what they hold when the sender goes away in the middle of one', async () => {
    const recorder = new Recorder();
    const client = recorder.connect();
    await client.send(post('/a', 'x'.repeat(100)).slice(0, -50));
    expect(recorder.inflight.held).toBe(50);
    await client.end();
    expect([recorder.inflight.held, recorder.seen]).toEqual([0, []]);
    client.destroy();
  });

  it('say how long the connection is kept, and close it where the sender asks for that', async () => {
    const client = new Recorder().connect();
    await client.send(get('/a'));
    expect(client.received).toContain('connection: keep-alive\r\nkeep-alive: timeout=60\r\n');
    await client.send(get('/a', 'Connection: close\r\n') + get('/b'));
    expect(client.received).toContain('connection: close\r\n');
    expect([client.statuses, client.closed]).toEqual([[200, 200], true]);
    client.destroy();
  });

  it('of HTTP/1.0 are one for each connection, unless the sender asks for more', async () => {
    const kept = new Recorder().connect();
    await kept.send('GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n', 'GET /b HTTP/1.0\r\n\r\n');
    expect([kept.statuses, kept.closed]).toEqual([[200, 200], true]);
    kept.destroy();
  });

  it('have a date, a length and no body where they were HEAD', async () => {
    const client = new Recorder().connect();
    await client.send(get('/a').replace('GET', 'HEAD') + get('/b'));
    const [head = '', rest] = client.received.split('\r\n\r\n');
    expect(head).toMatch(
      /^HTTP\/1\.1 200 OK\r\ndate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n.*content-length: 8$/s,
    );
    expect(rest).toMatch(/^HTTP\/1\.1 200 OK/);
    client.destroy();
  });

  it('are not answered with a header that would make two of one', async () => {
    const recorder = new Recorder({}, () => ({ status: 200, headers: { 'x-a': 'a\r\nx-b: c' }, body: '' }));
    const client = recorder.connect();
    await client.send(get('/a'));
    expect(client.statuses).toEqual([500]);
    expect(client.received).not.toContain('x-b');
    client.destroy();
  });

  it('are only read on when a sender that pipelines takes its answers', async () => {
    const recorder = new Recorder({}, () => ({ status: 200, body: 'x'.repeat(100_000) }));
    const client = recorder.connect();
    const stream = Reflect.get(client, 'stream') as { pause(): void; resume(): void };
    stream.pause();
    await client.send(get('/a').repeat(200));
    expect(recorder.seen.length).toBeLessThan(10);
    stream.resume();
    for (let i = 0; i < 200 && client.statuses.length < 200; i++) await settled();
    expect(client.statuses).toHaveLength(200);
    client.destroy();
  });
});

describe('request smuggling', () => {
  const inner = get('/b');
  it.each([
    [
      'CL.TE',
      `POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: ${inner.length + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    ],
    [
      'TE.CL',
      `POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`,
    ],
    [
      'TE.TE',
      `POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-encoding: x\r\n\r\n0\r\n\r\n${inner}`,
    ],
    [
      'two lengths',
      `POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
    ],
    ['a folded length', `POST /a HTTP/1.1\r\nHost: x\r\nX: y\r\n Content-Length: 0\r\n\r\n${inner}`],
    ['a length with a space', `POST /a HTTP/1.1\r\nHost: x\r\nContent-Length : 0\r\n\r\n${inner}`],
    ['a bare LF', `POST /a HTTP/1.1\r\nHost: x\r\nX: y\nContent-Length: 0\r\n\r\n${inner}`],
    ['chunks in HTTP/1.0', `POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`],
    ['a chunk size beyond all measure', `${chunked()}ffffffffffffffffff\r\n\r\n0\r\n\r\n${inner}`],
    ['a negative chunk size', `${chunked()}-1\r\n\r\n0\r\n\r\n${inner}`],
    ['a chunk size in 0x', `${chunked()}0x1\r\na\r\n0\r\n\r\n${inner}`],
    ['a chunk that is longer than its size', `${chunked()}1\r\nab\r\n0\r\n\r\n${inner}`],
    ['a bare LF in a chunk extension', `${chunked()}1;\nxx\r\na\r\n0\r\n\r\n${inner}`],
    ['extensions without end', `${chunked()}1;${'a'.repeat(100_000)}\r\na\r\n0\r\n\r\n${inner}`],
  ])('by %s is refused, and the connection ends', async (_what, text) => {
    const recorder = new Recorder();
    const client = recorder.connect();
    await client.send(text, inner);
    expect(client.statuses).toHaveLength(1);
    expect(client.statuses[0]).toBeGreaterThanOrEqual(400);
    expect(client.received).toContain('connection: close');
    expect([client.closed, recorder.seen, recorder.inflight.held]).toEqual([true, [], 0]);
    client.destroy();
  });

  function chunked(): string {
    return 'POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
  }
});
