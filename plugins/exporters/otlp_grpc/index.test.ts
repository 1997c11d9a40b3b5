import { otlpMethods, PermanentError, RetryableError, rpcCodes, type GrpcStatus, type Transport } from 'sluice/plugin';
import { fakeTransport, logsBatch, runExporter } from 'sluice/testing';
import { describe, expect, it } from 'vitest';
import otlpGrpc from './index.ts';

type Call = Parameters<ReturnType<Transport['grpcClient']>['call']>[0];

const batch = logsBatch([{ body: 'a' }]);

async function exporter(given: Uint8Array | GrpcStatus) {
  const calls: Call[] = [];
  const grpc = (call: Call): Uint8Array | GrpcStatus => {
    calls.push(call);
    return given;
  };
  return { calls, ...(await runExporter(otlpGrpc, { endpoint: 'a:4317' }, { transport: fakeTransport({ grpc }) })) };
}

const failure = async (given: GrpcStatus): Promise<unknown> => {
  const { send } = await exporter(given);
  return send(batch).catch((error: unknown) => error);
};

it('calls Export of the signal’s service with the batch as it is', async () => {
  const { send, calls } = await exporter(new Uint8Array(0));
  expect(await send(batch)).toBeUndefined();
  expect(calls[0]).toMatchObject({ method: otlpMethods.logs, batch });
  expect(calls[0]?.message).toBe(batch.bytes);
});

describe('what a status means', () => {
  const again = ['CANCELLED', 'DEADLINE_EXCEEDED', 'ABORTED', 'OUT_OF_RANGE', 'UNAVAILABLE', 'DATA_LOSS'] as const;
  it.each(again)('%s: try again, when the server says', async (name) => {
    const error = await failure({ code: rpcCodes[name], message: 'busy', retryAfterMs: 1500 });
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ message: `${name}: busy`, retryAfterMs: 1500 });
  });

  const never = Object.keys(rpcCodes).filter((name) => name !== 'OK' && !(again as readonly string[]).includes(name));
  it.each(never)('%s: never again', async (name) => {
    const error = await failure({ code: rpcCodes[name as keyof typeof rpcCodes], message: '' });
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({ message: name, tooLarge: false });
  });

  it('RESOURCE_EXHAUSTED with a wait: try again', async () => {
    expect(await failure({ code: rpcCodes.RESOURCE_EXHAUSTED, message: 'quota', retryAfterMs: 0 })).toBeInstanceOf(
      RetryableError,
    );
  });

  it.each([
    'Received message larger than max (5 vs. 4)',
    'grpc: received message larger than max (5 vs. 4)',
    'Received message that decompresses to a size larger than 4194304',
  ])('RESOURCE_EXHAUSTED, %s: too large', async (message) => {
    expect(await failure({ code: rpcCodes.RESOURCE_EXHAUSTED, message })).toMatchObject({
      delivery: 'permanent',
      tooLarge: true,
    });
  });

  it('a code that nobody knows: never again', async () => {
    expect(await failure({ code: 99, message: 'x' })).toMatchObject({ message: 'status 99: x', delivery: 'permanent' });
  });
});

describe('what an answer means', () => {
  it('partial success: so many refused', async () => {
    const { send } = await exporter(Uint8Array.of(0x0a, 7, 0x08, 3, 0x12, 3, 0x6f, 0x6c, 0x64));
    expect(await send(batch)).toEqual({ rejected: 3, message: 'old' });
  });

  it('a warning: nothing refused, but something said', async () => {
    const { send } = await exporter(Uint8Array.of(0x0a, 5, 0x12, 3, 0x6f, 0x6c, 0x64));
    expect(await send(batch)).toEqual({ rejected: 0, message: 'old' });
  });

  it('bytes that are no message: delivered, with a warning', async () => {
    const { send, context } = await exporter(Uint8Array.of(0x0a, 99));
    expect(await send(batch)).toBeUndefined();
    expect(context.logs).toMatchObject([{ level: 'warn', message: 'delivered, but the answer cannot be read' }]);
  });
});
