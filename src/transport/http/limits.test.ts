import zlib from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../flow/index.ts';
import type { Listener } from '../../plugin/index.ts';
import { createTransport } from '../index.ts';
import { configs, echo, logger, stop, transport } from '../testing.ts';
import { RawClient } from './raw-client.ts';

const post = (headers: string): string => `POST /echo HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n`;
const ok = `${post('Content-Length: 2')}hi`;

describe.each(['lean', 'node'])('HTTP by %s', (implementation) => {
  let listener: Listener;
  afterEach(() => stop(listener));

  async function start(config: object): Promise<RawClient> {
    listener = await transport.serveHttp({
      config: configs.httpServer({ transport: implementation, ...config }),
      routes: [echo],
    });
    return new RawClient(listener.address);
  }

  describe('limits of a connection', () => {
    it('ends slow headers with 408', async () => {
      const client = await start({ read_header_timeout: '200ms' });
      await client.write('POST /echo HTTP/1.1\r\nHo');
      expect(await client.until('never')).toContain('408');
    });

    it('ends a connection that never says anything', async () => {
      const client = await start({ read_header_timeout: '200ms' });
      await client.closed;
      expect(client.received).not.toContain('200');
    });

    it('ends a slow body, while others are served', async () => {
      const client = await start({ read_timeout: '300ms' });
      await client.write(post('Content-Length: 100'));
      const other = new RawClient(listener.address);
      await other.write(ok);
      expect(await other.until('hi')).toContain('200 OK');
      other.socket.destroy();
      await client.closed;
      expect(client.received).not.toContain('200');
    });

    it('closes an idle connection', async () => {
      const client = await start({ idle_timeout: '100ms' });
      await client.write(ok);
      await client.closed;
      expect(client.received).toContain('200 OK');
    });

    it('answers 431 to headers of 64 KiB', async () => {
      const client = await start({});
      await client.write(post(`X: ${'x'.repeat(65_536)}`));
      expect(await client.until('431')).toContain('431');
    });

    it('refuses connections beyond max_connections and says so', async () => {
      const first = await start({ max_connections: 1 });
      await first.write(ok);
      await first.until('hi');
      const second = new RawClient(listener.address);
      await second.closed;
      expect(second.received).toBe('');
      expect(JSON.stringify(logger.lines)).toContain('max_connections');
      first.socket.destroy();
    });

    it('survives garbage, a body that breaks off, and a reset', async () => {
      const client = await start({});
      await client.write('\u0000\u0001\u0002 garbage\r\n\r\n');
      await client.closed;
      expect(client.received).toContain('400');
      const half = new RawClient(listener.address);
      await half.write(`${post('Content-Length: 100')}half`);
      half.socket.resetAndDestroy();
      const next = new RawClient(listener.address);
      await next.write(ok);
      expect(await next.until('hi')).toContain('200 OK');
      next.socket.destroy();
    });

    it('cuts an answer that takes longer than write_timeout', async () => {
      const handler = () => new Promise<never>(() => {});
      listener = await transport.serveHttp({
        config: configs.httpServer({ transport: implementation, write_timeout: '100ms' }),
        routes: [{ ...echo, handler }],
      });
      const client = new RawClient(listener.address);
      await client.write(ok);
      await client.closed;
      expect(client.received).toBe('');
    });
  });

  describe('a body over the limit', () => {
    const limit = { max_request_body_size: 1000 };

    it.each([
      ['with a length', `${post('Content-Length: 1500')}${'x'.repeat(1500)}`],
      ['in chunks', `${post('Transfer-Encoding: chunked')}5dc\r\n${'x'.repeat(1500)}\r\n0\r\n\r\n`],
    ])('%s is answered 413, and the connection stays usable', async (_how, request) => {
      const client = await start(limit);
      await client.write(request + ok);
      const received = await client.until('hi');
      expect(received).toContain('413');
      expect(received).toContain('200 OK');
      client.socket.destroy();
    });

    it('is refused by its announced length, before any of it came', async () => {
      const client = await start(limit);
      await client.write(post('Content-Length: 100000000'));
      expect(await client.until('413')).toContain('413');
      client.socket.destroy();
    });

    it('is cut off where it goes on for long after the refusal', async () => {
      const client = await start(limit);
      await client.write(post('Transfer-Encoding: chunked'));
      const chunk = `400\r\n${'x'.repeat(1024)}\r\n`;
      for (let i = 0; i < 100 && !client.socket.destroyed; i++) await client.write(chunk);
      await client.closed;
      expect(client.received).toContain('413');
    });

    it('is not even asked for where the sender waits for 100 Continue', async () => {
      const client = await start(limit);
      await client.write(post('Content-Length: 100000\r\nExpect: 100-continue'));
      await client.closed;
      expect(client.received).toMatch(/^HTTP\/1.1 413/);
    });

    it('of 200 MiB in 200 KB of gzip costs no more than twice the limit', async () => {
      const client = await start({ max_request_body_size: '8MiB' });
      const bomb = zlib.gzipSync(Buffer.alloc(200 * 1024 * 1024));
      const before = process.memoryUsage().rss;
      await client.write(
        Buffer.concat([Buffer.from(post(`Content-Encoding: gzip\r\nContent-Length: ${bomb.length}`)), bomb]),
      );
      expect(await client.until('413')).toContain('413');
      expect(process.memoryUsage().rss - before).toBeLessThan(2 * 8 * 1024 * 1024);
      client.socket.destroy();
    });
  });

  it('sends 100 Continue to a sender that waits for it', async () => {
    const client = await start({});
    await client.write(post('Content-Length: 2\r\nExpect: 100-continue'));
    expect(await client.until('100 Continue')).toContain('100 Continue');
    await client.write('hi');
    expect(await client.until('hi')).toContain('200 OK');
    client.socket.destroy();
  });

  it('asks to come back later when too many bytes are in flight, and takes them once there is room', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const small = createTransport({ logger, clock: systemClock, maxInflightBytes: 1000 });
    const handler = () => gate.then(() => ({ status: 200, body: 'done' }));
    listener = await small.serveHttp({
      config: configs.httpServer({ transport: implementation }),
      routes: [{ ...echo, handler }],
    });
    const send = (): Promise<Response> =>
      fetch(`http://${listener.address}/echo`, { method: 'POST', body: 'x'.repeat(800) });
    const first = send();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const refused = await send();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    open();
    expect((await first).status).toBe(200);
    expect((await send()).status).toBe(200);
  });
});
