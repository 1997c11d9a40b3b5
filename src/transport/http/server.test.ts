import { request as nodeRequest } from 'node:http';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PermanentError, type HttpServerOptions, type Listener } from '../../plugin/index.ts';
import { configs, echo, logger, stop, transport } from '../testing.ts';

const json = (status: number, message: string, contentType: string) => ({
  contentType: contentType === '' ? 'text/x-none' : contentType,
  body: JSON.stringify({ status, message }),
});

describe.each(['lean', 'node'])('HTTP by %s', (implementation) => {
  function options(overrides: Partial<HttpServerOptions> = {}, config: object = {}): HttpServerOptions {
    const typed = { ...echo, path: '/typed', contentTypes: ['application/json'] };
    const seen: HttpServerOptions['routes'][number] = {
      method: 'GET',
      path: '/seen',
      handler: (r) => ({
        status: 200,
        body: JSON.stringify({ q: r.query.get('q'), x: r.headers.get('x-twice'), who: r.identity, peer: r.peer }),
      }),
    };
    const broken = { ...echo, path: '/broken', handler: () => Promise.reject(new Error('a secret')) };
    return {
      config: configs.httpServer({ transport: implementation, max_request_body_size: 1000, ...config }),
      routes: [echo, typed, seen, broken],
      errorBody: json,
      ...overrides,
    };
  }

  async function withServer(server: HttpServerOptions, run: (url: string) => Promise<void>): Promise<void> {
    const listener = await transport.serveHttp(server);
    try {
      await run(`http://${listener.address}`);
    } finally {
      await stop(listener);
    }
  }

  describe('an HTTP server', () => {
    let listener: Listener;
    let url: string;
    beforeAll(async () => {
      listener = await transport.serveHttp(options());
      url = `http://${listener.address}`;
    });
    afterAll(() => stop(listener));

    it('answers what a route says, with its length', async () => {
      const response = await fetch(`${url}/echo`, { method: 'POST', body: 'hello' });
      expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([
        200,
        '5',
        'hello',
      ]);
    });

    it('gives handlers query, headers and peer', async () => {
      const body = await new Promise<string>((resolve) => {
        const headers = ['Host', 'h', 'X-Twice', 'a', 'x-twice', 'b'];
        nodeRequest(`${url}/seen?q=1%202`, { headers }, (r) =>
          r.on('data', (d: Buffer) => resolve(d.toString())),
        ).end();
      });
      expect(JSON.parse(body)).toEqual({ q: '1 2', x: ['a', 'b'], peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/) });
    });

    it('answers HEAD as GET, without the body', async () => {
      const response = await fetch(`${url}/seen`, { method: 'HEAD' });
      expect([response.status, await response.text()]).toEqual([200, '']);
    });

    it.each([
      [404, 'POST', '/nothing', {}, 'x'],
      [405, 'PUT', '/echo', {}, 'x'],
      [415, 'POST', '/typed', { 'content-type': 'text/plain' }, 'x'],
      [415, 'POST', '/typed', { 'content-type': 'application/json; charset=latin1' }, 'x'],
      [415, 'POST', '/echo', { 'content-encoding': 'br' }, 'x'],
      [415, 'POST', '/echo', { 'content-encoding': 'gzip, gzip' }, 'x'],
      [400, 'POST', '/echo', { 'content-encoding': 'gzip' }, 'no gzip'],
      [413, 'POST', '/echo', {}, 'x'.repeat(1001)],
      [413, 'POST', '/echo', { 'content-encoding': 'gzip' }, zlib.gzipSync(Buffer.alloc(1001))],
      [413, 'POST', '/echo', { 'content-encoding': 'zstd' }, zlib.zstdCompressSync(Buffer.alloc(50_000_000))],
      [500, 'POST', '/broken', {}, 'x'],
    ])('answers %i to %s %s with %j', async (status, method, path, headers, body) => {
      const response = await fetch(url + path, { method, headers: { 'content-type': 'a/b', ...headers }, body });
      const answer = (await response.json()) as { status: number; message: string };
      expect([response.status, answer.status]).toEqual([status, status]);
      expect(answer.message).not.toContain('secret');
      expect(response.headers.get('content-type')).toBe(
        (headers as Record<string, string>)['content-type']?.split(';')[0] ?? 'a/b',
      );
    });

    it('names the methods of a path with a 405, and the encodings it takes with a 415', async () => {
      expect((await fetch(`${url}/echo`, { method: 'PUT' })).headers.get('allow')).toBe('POST');
      const refused = await fetch(`${url}/echo`, { method: 'POST', headers: { 'content-encoding': 'br' }, body: 'x' });
      expect(refused.headers.get('accept-encoding')).toBe('gzip, zstd, zlib, deflate');
    });

    it('logs what a handler throws and keeps it from the sender', async () => {
      await fetch(`${url}/broken`, { method: 'POST', body: 'x' });
      expect(JSON.stringify(logger.lines)).toContain('a secret');
    });

    it('takes a content type with parameters', async () => {
      const headers = { 'content-type': 'Application/JSON; charset="UTF-8"' };
      expect((await fetch(`${url}/typed`, { method: 'POST', headers, body: '{}' })).status).toBe(200);
    });

    const packers: Readonly<Record<string, (body: Buffer) => Buffer>> = {
      gzip: zlib.gzipSync,
      deflate: zlib.deflateSync,
      zlib: zlib.deflateSync,
      zstd: zlib.zstdCompressSync,
    };
    it.each(['gzip', 'deflate', 'zlib', 'zstd', 'identity'])(
      'inflates a small and a large body in %s',
      async (encoding) => {
        await withServer(options({}, { max_request_body_size: 2_000_000 }), async (base) => {
          for (const size of [10, 1_500_000]) {
            const body = Buffer.from(Array.from({ length: size }, () => Math.floor(Math.random() * 256)));
            const packed = packers[encoding]?.(body) ?? body;
            const response = await fetch(`${base}/echo`, {
              method: 'POST',
              headers: { 'content-encoding': encoding },
              body: packed,
            });
            expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
          }
        });
      },
    );

    it('adds the configured headers to every answer, errors included', async () => {
      await withServer(options({}, { response_headers: { 'X-Served-By': 'sluice' } }), async (base) => {
        expect((await fetch(`${base}/nothing`)).headers.get('x-served-by')).toBe('sluice');
      });
    });

    it('closes the connection after every answer without keep-alives', async () => {
      await withServer(options({}, { keep_alives_enabled: false }), async (base) => {
        const response = await fetch(`${base}/echo`, { method: 'POST', body: 'x' });
        expect(response.headers.get('connection')).toBe('close');
      });
    });
  });

  describe('authentication', () => {
    const auth: NonNullable<HttpServerOptions['auth']> = {
      challenge: 'Bearer',
      authenticate({ headers }) {
        const [token] = headers.get('authorization') ?? [];
        if (token === 'Bearer good') return { identity: 'alice', tenant: 'acme' };
        if (token === 'Bearer banned') throw new PermanentError('alice may not send');
        if (token === 'Bearer lost') throw new Error('cannot reach the issuer');
        return undefined;
      },
    };
    it.each([
      [401, undefined],
      [401, ''],
      [401, 'Bearer goodx'],
      [403, 'Bearer banned'],
      [503, 'Bearer lost'],
      [200, 'Bearer good'],
    ])('answers %i to the credential %j', async (status, authorization) => {
      await withServer(options({ auth }), async (base) => {
        const response = await fetch(`${base}/seen`, { headers: authorization === undefined ? {} : { authorization } });
        expect(response.status).toBe(status);
        if (status === 200) expect(await response.json()).toMatchObject({ who: 'alice' });
        if (status === 401) expect(response.headers.get('www-authenticate')).toBe('Bearer');
        if (status === 503) expect(response.headers.get('retry-after')).toBe('1');
      });
    });

    it('answers before the body is read', async () => {
      await withServer(options({ auth }), async (base) => {
        const status = await new Promise<number | undefined>((resolve) => {
          const request = nodeRequest(`${base}/echo`, { method: 'POST', headers: { 'content-length': 500 } }, (r) => {
            resolve(r.statusCode);
            request.destroy();
          });
          request.flushHeaders();
        });
        expect(status).toBe(401);
      });
    });
  });

  describe('closing', () => {
    it('lets a request under way end, takes no new ones, and cuts what is late', async () => {
      const { promise: gate, resolve: open } = Promise.withResolvers<void>();
      const slow = { ...echo, path: '/slow', handler: async () => gate.then(() => ({ status: 200, body: 'done' })) };
      const never = { ...echo, path: '/never', handler: () => new Promise<never>(() => {}) };
      const listener = await transport.serveHttp(options({ routes: [slow, never] }));
      const base = `http://${listener.address}`;
      const answered = fetch(`${base}/slow`, { method: 'POST', body: 'x' }).then((r) => r.text());
      const cut = fetch(`${base}/never`, { method: 'POST', body: 'x' }).then(
        () => 'answered',
        () => 'cut',
      );
      await new Promise((resolve) => setTimeout(resolve, 100));
      const closed = listener.close(Date.now() + 400);
      await expect(fetch(`${base}/slow`, { method: 'POST', body: 'x' })).rejects.toThrow('fetch failed');
      open();
      expect(await answered).toBe('done');
      expect(await cut).toBe('cut');
      await closed;
    });
  });

  describe('cors', () => {
    const cors = { allowed_origins: ['https://*.example.com'], allowed_headers: ['X-Token'], max_age: 60 };
    const preflight = (base: string, origin: string): Promise<Response> =>
      fetch(`${base}/echo`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'x-token,content-type,x-other',
        },
      });

    it('grants a listed origin what is configured', async () => {
      await withServer(options({}, { cors }), async (base) => {
        const response = await preflight(base, 'https://a.example.com');
        expect(response.status).toBe(204);
        expect(Object.fromEntries(response.headers)).toMatchObject({
          'access-control-allow-origin': 'https://a.example.com',
          'access-control-allow-methods': 'POST',
          'access-control-allow-headers': 'x-token, content-type',
          'access-control-max-age': '60',
          vary: 'Origin',
        });
        const sent = await fetch(`${base}/echo`, {
          method: 'POST',
          headers: { origin: 'https://a.example.com' },
          body: 'x',
        });
        expect(sent.headers.get('access-control-allow-origin')).toBe('https://a.example.com');
      });
    });

    it('refuses another origin, one that only ends alike included', async () => {
      await withServer(options({}, { cors }), async (base) => {
        for (const origin of ['https://evil.com', 'https://a.example.com.evil.com', 'https://aXexample.com']) {
          const response = await preflight(base, origin);
          expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([403, null]);
        }
      });
    });

    it('never lets credentials go with the origin *', async () => {
      await withServer(options({}, { cors: { allowed_origins: ['*'] } }), async (base) => {
        const { headers } = await preflight(base, 'https://any.where');
        expect([headers.get('access-control-allow-origin'), headers.get('access-control-allow-credentials')]).toEqual([
          '*',
          null,
        ]);
      });
    });

    it('is off without origins', async () => {
      await withServer(options(), async (base) => {
        expect((await preflight(base, 'https://a.example.com')).status).toBe(405);
      });
    });
  });
});
