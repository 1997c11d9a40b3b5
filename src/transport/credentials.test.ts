import { afterEach, describe, expect, it } from 'vitest';
import { RetryableError, type OutgoingFacts } from '../plugin/index.ts';
import { logsBatch } from '../testing/index.ts';
import { authorized } from './credentials.ts';
import { implementations } from './grpc/index.ts';
import { configs, stop, transport } from './testing.ts';

const never = new AbortController().signal;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

describe('an authenticator', () => {
  it('sees what the sender brought and what the request has, and sets, replaces and takes away', async () => {
    let seen: OutgoingFacts | undefined;
    const auth = {
      headers(facts: OutgoingFacts) {
        seen = facts;
        return { 'X-New': '1', Changed: '2', gone: undefined };
      },
    };
    const headers = new Map(Object.entries({ kept: 'a', changed: 'b', gone: 'c' }));
    const brought = new Map([['x-tenant', ['acme']]]);
    const batch = logsBatch([{}], { meta: { headers: brought, identity: 'alice', tenant: 't', peer: 'p:1' } });
    expect([...(await authorized(auth, headers, { signal: never, batch }))]).toEqual([
      ['kept', 'a'],
      ['changed', '2'],
      ['x-new', '1'],
    ]);
    expect(seen).toEqual({ outgoing: headers, headers: brought, identity: 'alice', tenant: 't' });
    expect(headers.get('gone')).toBe('c');
  });

  it('that takes longer than the request may does not hold it', async () => {
    const auth = { headers: () => new Promise<never>(() => {}) };
    const abort = new AbortController();
    const waiting = authorized(auth, new Map(), { signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toThrow(RetryableError);
    await expect(authorized(auth, new Map(), { signal: abort.signal })).rejects.toThrow(RetryableError);
  });
});

const auth = {
  headers: ({ outgoing }: OutgoingFacts) => ({ a: `${outgoing?.get('a')}!`, b: undefined, authorization: 'Bearer t' }),
};
const configured = { headers: { A: '1', B: '2', C: '3' } };

it('acts on the configured headers of an HTTP client', async () => {
  let seen: Record<string, unknown> = {};
  const listener = await transport.serveHttp({
    config: configs.httpServer(),
    routes: [
      {
        method: 'POST',
        path: '/',
        handler: ({ headers }) => {
          seen = Object.fromEntries(headers);
          return { status: 200 };
        },
      },
    ],
  });
  cleanups.push(() => stop(listener));
  const client = transport.httpClient({ config: configs.httpClient(configured), auth });
  cleanups.push(() => client.close());
  await client.request({ url: `http://${listener.address}/`, signal: never });
  expect(seen).toMatchObject({ a: ['1!'], c: ['3'], authorization: ['Bearer t'] });
  expect(seen).not.toHaveProperty('b');
});

it.each(Object.keys(implementations))(
  'acts on the configured headers of a gRPC client by %s',
  async (implementation) => {
    let seen: Record<string, unknown> = {};
    const listener = await transport.serveGrpc({
      config: configs.grpcServer(),
      methods: {
        '/a.B/C': async ({ metadata }) => {
          seen = Object.fromEntries(metadata);
          return new Uint8Array(0);
        },
      },
    });
    cleanups.push(() => stop(listener));
    const config = configs.grpcClient(listener.address, { transport: implementation, ...configured });
    const client = transport.grpcClient({ config, auth });
    cleanups.push(() => client.close());
    expect(await client.call({ method: '/a.B/C', message: new Uint8Array(0), signal: never })).toHaveLength(0);
    expect(seen).toMatchObject({ a: ['1!'], c: ['3'], authorization: ['Bearer t'] });
    expect(seen).not.toHaveProperty('b');
  },
);
