import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import loki from '../../../plugins/exporters/loki/index.ts';
import { concat, type Batch, type Sent } from '../../../src/plugin/index.ts';
import { logsBatch, runExporter } from '../../../src/testing/index.ts';
import { transport } from '../../../src/transport/testing.ts';
import { Loki, lokiBinary } from './server.ts';

const second = 1_000_000_000n;
const now = BigInt(Date.now()) * 1_000_000n;

/** A Loki that asks for a tenant, and takes little of one stream. */
describe.skipIf(lokiBinary === undefined)('real Loki with tenants and small limits (needs loki)', () => {
  let server: Loki;
  beforeAll(async () => {
    const limits = {
      shard_streams: { enabled: false },
      per_stream_rate_limit: '100KB',
      per_stream_rate_limit_burst: '200KB',
    };
    server = await Loki.start({ auth: true, limits });
  }, 300_000);
  afterAll(async () => {
    await server?.stop();
    server?.remove();
  });

  const batchOf = (service: string, bodies: readonly string[], meta: Partial<Batch['meta']> = {}): Batch =>
    logsBatch(
      bodies.map((body, i) => ({ timeUnixNano: now + BigInt(i), body })),
      { resource: { 'service.name': service, 'tenant.id': `t-${service}` }, meta },
    );

  async function open(options: object) {
    const run = await runExporter(loki, { endpoint: server.url, ...options }, { transport });
    return (batch: Batch): Promise<Sent | undefined> => run.send(batch);
  }

  async function linesOf(service: string, tenant: string): Promise<string[]> {
    const lines: string[] = [];
    const [from, to] = [now - 3600n * second, now + 60n * second];
    for await (const { line } of server.lines(`{service_name="${service}"}`, from, to, tenant)) lines.push(line);
    return lines;
  }

  it.each(['push', 'otlp'])('parts a batch by tenant: mode %s', async (mode) => {
    const send = await open({ mode, tenant: { from_attribute: 'tenant.id' } });
    await send(concat([batchOf(`a-${mode}`, ['x']), batchOf(`b-${mode}`, ['y'])]));
    expect(await linesOf(`a-${mode}`, `t-a-${mode}`)).toEqual(['x']);
    expect(await linesOf(`b-${mode}`, `t-b-${mode}`)).toEqual(['y']);
    expect(await linesOf(`a-${mode}`, `t-b-${mode}`)).toEqual([]);
  });

  it('takes the tenant from the authenticator, and refuses data without one', async () => {
    const send = await open({ tenant: { from_context: true } });
    const headers = new Map([['x-scope-orgid', ['mallory']]]);
    await send(batchOf('context', ['x'], { tenant: 'alice', headers }));
    expect(await linesOf('context', 'alice')).toEqual(['x']);
    expect(await linesOf('context', 'mallory')).toEqual([]);
    await expect(send(batchOf('context', ['x'], { headers }))).rejects.toMatchObject({ delivery: 'permanent' });
  });

  it('says of nobody that there is no tenant', async () => {
    const send = await open({});
    await expect(send(batchOf('nobody', ['x']))).rejects.toMatchObject({
      delivery: 'permanent',
      message: expect.stringContaining('no org id') as string,
    });
  });

  const large = (name: string): string[] =>
    Array.from({ length: 60 }, (_unused, i) => `${name} ${i} ${'x'.repeat(10_000)}`);

  it('tells of the last stream of a request alone that it goes too fast, so new streams go apart', async () => {
    const batch = concat([batchOf('fast', large('fast')), batchOf('slow', ['y'])]);
    const together = await open({ tenant: { value: 'together' }, split_streams: 'never' });
    expect(await together(batch)).toBeUndefined();
    expect((await linesOf('fast', 'together')).length).toBeLessThan(60);
    const apart = await open({ tenant: { value: 'apart' } });
    await expect(apart(batch)).rejects.toMatchObject({
      delivery: 'retryable',
      message: expect.stringContaining('Per stream rate limit') as string,
    });
    expect(await linesOf('slow', 'apart')).toEqual(['y']);
  });
});
