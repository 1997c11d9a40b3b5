import { logsBatch } from 'sluice/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rpcCodes, type RpcStatus } from '../../src/plugin/index.ts';
import { startProduct, type Product } from './product.ts';
import { callGrpc, type GrpcAnswer } from './senders.ts';
import { grpcSink, type Sink } from './sink.ts';

/** What a destination answers over gRPC decides whether the data is sent again, and what the sender hears. */

const again = ['CANCELLED', 'DEADLINE_EXCEEDED', 'ABORTED', 'OUT_OF_RANGE', 'UNAVAILABLE', 'DATA_LOSS'] as const;
const never = Object.keys(rpcCodes).filter((name) => name !== 'OK' && !(again as readonly string[]).includes(name));

const two = logsBatch([{ body: 'a' }, { body: 'b' }]).bytes;
const one = logsBatch([{ body: 'a' }]).bytes;

describe.each(['lean', 'grpc_js'])('OTLP/gRPC by %s', (implementation) => {
  let sink: Sink<RpcStatus | Uint8Array>;
  let product: Product;
  beforeAll(async () => {
    sink = await grpcSink();
    const retry = 'retry_on_failure: { initial_interval: 10ms, max_interval: 20ms }';
    const otlp = `{ endpoint: '${sink.url}', transport: ${implementation}, ${retry} }`;
    product = await startProduct({
      grpcOptions: `transport: ${implementation === 'lean' ? 'tcp' : implementation}`,
      exporters: { otlp_grpc: otlp },
    });
  });
  afterAll(async () => {
    await product.stop();
    await sink.stop();
  });
  afterEach(() => {
    sink.script.length = 0;
    sink.arrivals.length = 0;
  });
  const send = (body = one): Promise<GrpcAnswer> => callGrpc(product.grpc, body);

  it.each(again)('%s is sent again until it is taken, and the sender hears only that', async (name) => {
    sink.script.push({ code: rpcCodes[name], message: 'm' }, { code: rpcCodes[name], message: 'm' });
    expect(await send()).toMatchObject({ code: 0 });
    expect(sink.arrivals).toHaveLength(3);
    expect(new Set(sink.arrivals.map(({ body }) => body.toString('hex'))).size).toBe(1);
  });

  it.each(never)('%s is sent once, and the sender is told that it never goes through', async (name) => {
    sink.script.push({ code: rpcCodes[name as keyof typeof rpcCodes], message: 'because' });
    const answer = await send();
    expect(answer).toMatchObject({ code: 3, details: `${name}: because`, retryAfterMs: undefined });
    expect(sink.arrivals).toHaveLength(1);
  });

  it('RESOURCE_EXHAUSTED with RetryInfo is sent again, after the wait', async () => {
    sink.script.push({ code: rpcCodes.RESOURCE_EXHAUSTED, message: 'quota', retryAfterMs: 600 });
    expect(await send()).toMatchObject({ code: 0 });
    const [first, second] = sink.arrivals.map(({ at }) => at) as [number, number];
    expect(second - first).toBeGreaterThan(550);
  });

  it('UNAVAILABLE with RetryInfo is sent again after the wait', async () => {
    sink.script.push({ code: rpcCodes.UNAVAILABLE, message: 'busy', retryAfterMs: 600 });
    expect(await send()).toMatchObject({ code: 0 });
    const [first, second] = sink.arrivals.map(({ at }) => at) as [number, number];
    expect(second - first).toBeGreaterThan(550);
  });

  it('RetryInfo does not make a status retryable that is none', async () => {
    sink.script.push({ code: rpcCodes.INVALID_ARGUMENT, message: 'bad', retryAfterMs: 10 });
    expect(await send()).toMatchObject({ code: 3 });
    expect(sink.arrivals).toHaveLength(1);
  });

  it('RESOURCE_EXHAUSTED for the size is sent in halves', async () => {
    sink.script.push({ code: rpcCodes.RESOURCE_EXHAUSTED, message: 'Received message larger than max (9 vs. 4)' });
    expect(await send(two)).toMatchObject({ code: 0 });
    expect(sink.arrivals.map(({ body }) => body.length < two.length)).toEqual([false, true, true]);
  });

  it.each([
    ['rejected', Uint8Array.of(0x0a, 7, 0x08, 1, 0x12, 3, 0x6f, 0x6c, 0x64), 1],
    ['a warning', Uint8Array.of(0x0a, 5, 0x12, 3, 0x6f, 0x6c, 0x64), 0],
    ['fields that nobody knows', Uint8Array.of(0x9a, 0x06, 2, 1, 2), 0],
  ])(
    'partial success, %s: it MUST NOT be sent again, and what was rejected is counted',
    async (_what, bytes, expected) => {
      const failed = product.count('otelcol_exporter_send_failed_log_records');
      sink.script.push(bytes);
      expect(await send(two)).toMatchObject({ code: 0 });
      expect(sink.arrivals).toHaveLength(1);
      expect(product.count('otelcol_exporter_send_failed_log_records') - failed).toBe(expected);
    },
  );
});
