import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { RetryableError, type HttpClientResponse } from '../../plugin/index.ts';
import { configs, echo, stop, transport } from '../testing.ts';

interface Seen {
  readonly url: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function peer(
  answer: (response: ServerResponse, seen: Seen) => void,
): Promise<{ readonly url: string; readonly server: Server; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) };
      seen.push(one);
      answer(response, one);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  cleanups.push(
    () => server.closeAllConnections(),
    () => new Promise((resolve) => server.close(resolve)),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, seen };
}

function client(overrides: object = {}, rest: object = {}) {
  const made = transport.httpClient({ config: configs.httpClient(overrides), ...rest });
  cleanups.push(() => made.close());
  return {
    post: (url: string, ms = 5000, headers: Record<string, string> = {}): Promise<HttpClientResponse> =>
      made.request({ url, body: Buffer.from('hello'), headers, signal: AbortSignal.timeout(ms) }),
  };
}

describe('an HTTP client', () => {
  it('sends the body with configured headers and the authenticator’s, and gives back what came', async () => {
    const { url, seen } = await peer((response) => response.writeHead(202, { 'x-a': 'b' }).end('taken'));
    const auth = { headers: async () => ({ Authorization: 'Bearer t' }) };
    const { post } = client({ headers: { 'Dash0-Dataset': 'x', 'X-Number': 5 } }, { auth });
    const response = await post(`${url}/v1/logs?a=b`, 5000, { 'Content-Type': 'a/b' });
    expect([response.status, Buffer.from(response.body).toString(), response.headers.get('x-a')]).toEqual([
      202,
      'taken',
      ['b'],
    ]);
    expect(seen[0]?.url).toBe('/v1/logs?a=b');
    expect(seen[0]?.headers).toMatchObject({
      authorization: 'Bearer t',
      'content-type': 'a/b',
      'dash0-dataset': 'x',
      'x-number': '5',
    });
  });

  it.each([
    ['gzip', zlib.gunzipSync],
    ['zstd', zlib.zstdDecompressSync],
    ['deflate', zlib.inflateSync],
  ])('compresses with %s', async (compression, inflate) => {
    const { url, seen } = await peer((response) => response.end());
    await client({ compression, compression_params: { level: 1 } }).post(url);
    expect(seen[0]?.headers['content-encoding']).toBe(compression);
    expect(inflate(seen[0]?.body as Buffer).toString()).toBe('hello');
  });

  it('refuses a level that the method has not, at the start', () => {
    expect(() => client({ compression: 'gzip', compression_params: { level: 12 } })).toThrow(
      'compression_params.level: gzip takes -1 to 9, found 12',
    );
  });

  it('refuses headers that would forge further ones, at the start and without showing them', () => {
    expect(() => client({ headers: { 'x-a': 'secret\r\nx-b: c' } })).toThrow(
      /^headers: "x-a" is no valid header(?!.*secret)/,
    );
  });

  it.each([
    ['7', 7000],
    [new Date(Date.now() + 60_000).toUTCString(), 60_000],
    ['soon', undefined],
  ])('reads Retry-After: %s', async (value, expected) => {
    const { url } = await peer((response) => response.writeHead(503, { 'retry-after': value }).end());
    const { retryAfterMs } = await client().post(url);
    if (expected === undefined) expect(retryAfterMs).toBeUndefined();
    else expect(Math.abs((retryAfterMs ?? 0) - expected)).toBeLessThan(5000);
  });

  it('does not follow redirects', async () => {
    const { url, seen } = await peer((response) => response.writeHead(307, { location: '/elsewhere' }).end());
    expect((await client().post(url)).status).toBe(307);
    expect(seen).toHaveLength(1);
  });

  it('reads no more of an endless answer than its limit', async () => {
    const { url } = await peer((response) => {
      const more = (): void =>
        void (response.destroyed || response.write(Buffer.alloc(10_000), () => setImmediate(more)));
      more();
    });
    expect((await client({}, { maxResponseBytes: 25_000 }).post(url)).body.length).toBe(25_000);
  });

  it('takes a compressed bomb of an answer for no body', async () => {
    const { url } = await peer((response) =>
      response.writeHead(400, { 'content-encoding': 'gzip' }).end(zlib.gzipSync(Buffer.alloc(10_000_000))),
    );
    const response = await client().post(url);
    expect([response.status, response.body.length]).toEqual([400, 0]);
  });

  it('reports a refused connection, a silent server and a half answer as worth trying again', async () => {
    const { url: half } = await peer(
      (response) => void response.writeHead(200, { 'content-length': 10 }).write('12345'),
    );
    const { url: silent } = await peer(() => {});
    const { url: gone, server } = await peer(() => {});
    await new Promise((resolve) => server.close(resolve));
    for (const url of [gone, silent, half]) {
      await expect(client().post(url, 300)).rejects.toThrow(RetryableError);
    }
    await expect(client().post(silent, 300)).rejects.toThrow(`${silent}: no answer in time`);
  });

  it('tries again at once when a kept connection was closed under its feet', async () => {
    const sockets: Socket[] = [];
    let requests = 0;
    const server = createTcpServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
      socket.on('data', (data: Buffer) => {
        if (!data.includes('POST')) return;
        requests += 1;
        if (requests === 2) socket.destroy();
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    cleanups.push(
      () => void sockets.map((socket) => socket.destroy()),
      () => void server.close(),
    );
    const { post } = client({ max_idle_conns: 1 });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await post(url);
    expect((await post(url)).status).toBe(200);
    expect(requests).toBe(3);
  });

  it('refuses what is no URL without showing its credentials', async () => {
    await expect(client().post('ftp://user:secret@host/')).rejects.toThrow('found "ftp://[redacted]@host/"');
  });

  it('turns credentials of the URL into an authorization header', async () => {
    const { url, seen } = await peer((response) => response.end());
    await client().post(url.replace('//', '//me:p%40ss@'));
    expect(seen[0]?.headers['authorization']).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  });

  it('goes through proxy_url', async () => {
    const { url, seen } = await peer((response) => response.end('from the proxy'));
    const response = await client({ proxy_url: url }).post('http://destination.invalid/v1/logs');
    expect(Buffer.from(response.body).toString()).toBe('from the proxy');
    expect(seen[0]?.url).toBe('http://destination.invalid/v1/logs');
  });
});

it('names a proxy that it cannot use, at the start and without its credentials', () => {
  expect(() => client({ proxy_url: 'ftp://me:secret@proxy' })).toThrow(
    'proxy_url: expected http://host:port, found "ftp://[redacted]@proxy"',
  );
});

describe('unix sockets', () => {
  it('carry requests both ways, and a stale socket file makes room', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sluice-http-'));
    cleanups.push(() => rmSync(directory, { recursive: true }));
    const path = join(directory, 'http.sock');
    for (let round = 0; round < 2; round++) {
      const listener = await transport.serveHttp({
        config: configs.httpServer({ endpoint: `unix://${path}` }),
        routes: [echo],
      });
      const response = await client().post(`unix://${path}:/echo`);
      expect([listener.address, Buffer.from(response.body).toString()]).toEqual([path, 'hello']);
      await expect(
        transport.serveHttp({ config: configs.httpServer({ endpoint: `unix://${path}` }), routes: [] }),
      ).rejects.toThrow(`cannot listen on ${path}`);
      await stop(listener);
    }
  });
});
