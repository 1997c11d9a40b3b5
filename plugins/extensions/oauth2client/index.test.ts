import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RetryableError, type HttpClientResponse, type Transport } from 'sluice/plugin';
import { conformance, fakeTransport, ManualClock, parseConfig, runExtension } from 'sluice/testing';
import { afterAll, describe, expect, it } from 'vitest';
import oauth2client from './index.ts';

type Request = Parameters<ReturnType<Transport['httpClient']>['request']>[0];

const folder = mkdtempSync(join(tmpdir(), 'sluice-oauth2-'));
afterAll(() => rmSync(folder, { recursive: true }));
const least = { client_id: 'me', client_secret: 'hush', token_url: 'http://issuer/token' };

describe('conformance', () => {
  for (const check of conformance(oauth2client, { config: least })) it(check.name, check.run);
});

const json = (status: number, body: object, retryAfterMs?: number): HttpClientResponse => ({
  status,
  headers: new Map(),
  body: Buffer.from(JSON.stringify(body)),
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
const token = (name: string, expires?: number | string): HttpClientResponse =>
  json(200, { access_token: name, token_type: 'bearer', ...(expires !== undefined && { expires_in: expires }) });

async function client(
  config: object,
  answer: (request: Request, count: number) => HttpClientResponse | Promise<HttpClientResponse>,
) {
  const requests: Request[] = [];
  const clock = new ManualClock();
  const transport = fakeTransport({ http: (request) => answer(request, requests.push(request)) });
  const run = await runExtension(oauth2client, { ...least, ...config }, { transport, clock });
  const authorization = async (): Promise<unknown> =>
    ((await run.provides.clientAuth?.headers({})) ?? {})['authorization'];
  return { ...run, clock, requests, authorization };
}
const formOf = ({ body }: Request): string => Buffer.from(body ?? []).toString();

describe('the request for a token', () => {
  it('has the client in the header, form-encoded, and the rest in the body', async () => {
    const config = {
      client_id: 'me:you',
      client_secret: 'a b&c',
      scopes: ['x', 'y'],
      endpoint_params: { audience: 'aud', resource: ['r1', 'r2'] },
    };
    const { authorization, requests } = await client(config, () => token('t'));
    expect(await authorization()).toBe('Bearer t');
    expect(requests[0]).toMatchObject({ url: 'http://issuer/token', headers: { accept: 'application/json' } });
    const basic = requests[0]?.headers?.['authorization']?.slice('Basic '.length) ?? '';
    expect(Buffer.from(basic, 'base64').toString()).toBe('me%3Ayou:a+b%26c');
    expect(formOf(requests[0] as Request)).toBe(
      'grant_type=client_credentials&scope=x+y&audience=aud&resource=r1&resource=r2',
    );
  });

  it('has the client in the body where the server does not take the header, from then on', async () => {
    const { authorization, requests, clock } = await client({}, ({ headers }) =>
      headers?.['authorization'] === undefined ? token('t', 10) : json(401, { error: 'invalid_client' }),
    );
    expect(await authorization()).toBe('Bearer t');
    await clock.advance(20_000);
    await authorization();
    expect(requests.map((request) => formOf(request).includes('client_secret=hush'))).toEqual([false, true, true]);
  });

  it('takes name and secret from files, as they are at the time', async () => {
    const [id, secret] = [join(folder, 'id'), join(folder, 'secret')];
    writeFileSync(id, 'filed\n');
    writeFileSync(secret, 'one\n');
    const { authorization, requests, clock } = await client({ client_id_file: id, client_secret_file: secret }, () =>
      token('t', 10),
    );
    await authorization();
    writeFileSync(secret, 'two\n');
    await clock.advance(20_000);
    await authorization();
    const sent = requests.map(({ headers }) =>
      Buffer.from(headers?.['authorization']?.slice(6) ?? '', 'base64').toString(),
    );
    expect(sent).toEqual(['filed:one', 'filed:two']);
  });
});

describe('a token', () => {
  it('is fetched once for all who wait', async () => {
    const { promise, resolve } = Promise.withResolvers<HttpClientResponse>();
    const { authorization, requests } = await client({}, () => promise);
    const waiting = Array.from({ length: 20 }, authorization);
    resolve(token('t', 3600));
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['Bearer t']));
    await authorization();
    expect(requests).toHaveLength(1);
  });

  it('is refreshed before it ends, while the old one serves', async () => {
    const second = Promise.withResolvers<HttpClientResponse>();
    const { authorization, requests, clock } = await client({ expiry_buffer: '60s' }, (_request, count) =>
      count === 1 ? token('one', '3600') : second.promise,
    );
    await authorization();
    await clock.advance(3_539_000);
    await authorization();
    expect(requests).toHaveLength(1);
    await clock.advance(2000);
    expect(await authorization()).toBe('Bearer one');
    expect(requests).toHaveLength(2);
    second.resolve(token('two', 3600));
    await expect.poll(authorization).toBe('Bearer two');
    expect(requests).toHaveLength(2);
  });

  it('of a short life is not fetched for each request', async () => {
    const { authorization, requests, clock } = await client({}, () => token('t', 60));
    for (let i = 0; i < 25; i++) {
      await authorization();
      await clock.advance(1000);
    }
    expect(requests).toHaveLength(1);
  });

  it('without an end is kept', async () => {
    const { authorization, requests, clock } = await client({}, () => token('t'));
    await authorization();
    await clock.advance(1e9);
    await authorization();
    expect(requests).toHaveLength(1);
  });

  it('that cannot be refreshed serves until its end, and then the data waits', async () => {
    const { authorization, clock, context } = await client({ expiry_buffer: '10s' }, (_request, count) =>
      count === 1 ? token('one', 100) : json(500, { error: 'server_error' }),
    );
    await authorization();
    await clock.advance(95_000);
    expect(await authorization()).toBe('Bearer one');
    await expect.poll(() => context.reports.at(-1)?.status).toBe('recoverable_error');
    await clock.advance(5000);
    await expect(authorization()).rejects.toThrow('no token: HTTP 500: server_error');
  });
});

describe('a failure', () => {
  it.each([
    [json(403, { error: 'access_denied', error_description: 'go away' }), 'no token: HTTP 403: access_denied: go away'],
    [json(200, {}), 'no token: the answer has no access_token'],
    [json(200, { access_token: 'a\r\nb: c' }), 'no token: the answer has no access_token'],
    [{ status: 502, headers: new Map(), body: Buffer.from('<html>') }, 'no token: HTTP 502'],
  ])('is worth trying again, %#', async (answer, message) => {
    const { authorization } = await client({}, () => answer);
    const error = await authorization().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ message, retryAfterMs: 1000 });
  });

  it('is told to all for a while, instead of asking for each', async () => {
    const { authorization, requests, clock } = await client({}, () => json(503, {}, 5000));
    for (let i = 0; i < 3; i++) await expect(authorization()).rejects.toMatchObject({ retryAfterMs: 5000 });
    expect(requests).toHaveLength(1);
    await clock.advance(5000);
    await expect(authorization()).rejects.toThrow('HTTP 503');
    expect(requests).toHaveLength(2);
  });

  it('of a missing file names it', async () => {
    const { authorization } = await client({ client_secret_file: join(folder, 'none') }, () => token('t'));
    await expect(authorization()).rejects.toThrow(/no token: .*none: ENOENT/);
  });
});

it('gives up waiting for a server that does not answer', async () => {
  const { authorization } = await client(
    { timeout: '20ms' },
    ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new RetryableError('no answer in time')));
      }),
  );
  await expect(authorization()).rejects.toThrow('no answer in time');
});

describe('options', () => {
  it.each([
    [{ client_id: '' }, 'client_id or client_id_file is required'],
    [{ client_secret: '' }, 'client_secret or client_secret_file is required'],
    [{ token_url: 'issuer/token' }, 'expected https://host/path'],
    [{ grant_type: 'password' }, 'client_credentials'],
  ])('%j: %s', (config, message) => {
    expect(() => parseConfig(oauth2client, { ...least, ...config })).toThrow(message);
  });
});
