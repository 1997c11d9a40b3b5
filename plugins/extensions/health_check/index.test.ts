import { conformance, fakeTransport, ManualClock, runExtension } from 'sluice/testing';
import { describe, expect, test } from 'vitest';
import { goDuration } from './body.ts';
import definition from './index.ts';

describe('conformance', () => {
  for (const check of conformance(definition)) test(check.name, check.run);
});

const startedAt = Date.UTC(2026, 0, 1);

async function running(config: unknown = {}) {
  const transport = fakeTransport();
  const state = { ready: true };
  const clock = new ManualClock(startedAt + 62_500);
  const run = await runExtension(definition, config, {
    transport,
    clock,
    health: () => ({ ready: state.ready, startedAt, problems: [] }),
  });
  return { ...run, transport, state };
}

test('it answers 200 with the uptime while the service is ready, and 503 when it is not', async () => {
  const { transport, state } = await running();
  const healthy = await transport.http({ path: '/' });
  expect(healthy.status).toBe(200);
  expect(healthy.headers).toEqual({ 'content-type': 'application/json' });
  expect(healthy.body).toBe('{"status":"Server available","upSince":"2026-01-01T00:00:00.000Z","uptime":"1m2.5s"}');
  state.ready = false;
  const unhealthy = await transport.http({ path: '/' });
  expect(unhealthy.status).toBe(503);
  expect(unhealthy.body).toBe('{"status":"Server not available","upSince":"0001-01-01T00:00:00Z","uptime":""}');
});

test('the path and the answers can be chosen', async () => {
  const { transport, state } = await running({
    path: '/health/status',
    response_body: { healthy: "I'm good", unhealthy: "I'm bad!" },
  });
  expect((await transport.http({ path: '/' })).status).toBe(404);
  expect((await transport.http({ path: '/health/status' })).body).toBe("I'm good");
  state.ready = false;
  expect(await transport.http({ path: '/health/status' })).toMatchObject({ status: 503, body: "I'm bad!" });
});

test('it listens on localhost:13133 and closes its listener at the stop', async () => {
  const { transport, context, stop } = await running();
  expect(context.logs).toMatchObject([{ level: 'info', fields: { address: 'localhost:13133', path: '/' } }]);
  expect(transport.listening).toBe(1);
  await stop();
  expect(transport.listening).toBe(0);
});

test('an authenticator that is no extension fails the start', async () => {
  await expect(runExtension(definition, { auth: { authenticator: 'basicauth' } })).rejects.toThrow(
    'no extension basicauth',
  );
});

test.each([
  [0, '0s'],
  [15, '15ms'],
  [2500, '2.5s'],
  [60_000, '1m0s'],
  [3_662_001, '1h1m2.001s'],
])('%i ms is written as %s', (ms, text) => {
  expect(goDuration(ms)).toBe(text);
});
