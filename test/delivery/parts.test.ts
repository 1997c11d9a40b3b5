import { describe, expect, it, onTestFinished } from 'vitest';
import { rpcCodes } from '../../src/plugin/index.ts';
import { eventually } from '../interop/program.ts';
import { lettersOf } from './dead-letters.ts';
import { openGrpcSink } from './grpc-sink.ts';
import { HttpSink } from './http-sink.ts';
import { startService } from './in-process.ts';
import { Oracle } from './oracle.ts';
import { folder } from './process.ts';
import { Sender } from './sender.ts';

const limit = 20_000;

async function httpSink(oracle: Oracle, poison?: number): Promise<object> {
  const sink = await HttpSink.open({
    answer: ({ ids, bytes }) => {
      if (bytes.length > limit) return { status: 413 };
      return ids.includes(poison ?? -1) ? { status: 400, body: 'bad record' } : {};
    },
    taken: (ids) => oracle.arrived(ids),
  });
  onTestFinished(() => sink.close());
  return { otlp_http: { endpoint: sink.url } };
}

async function grpcSink(oracle: Oracle, poison?: number): Promise<object> {
  const sink = await openGrpcSink({
    maxMessage: limit,
    answer: (ids) =>
      ids.includes(poison ?? -1) ? { code: rpcCodes.INVALID_ARGUMENT, details: 'bad record' } : undefined,
    taken: (ids) => oracle.arrived(ids),
  });
  onTestFinished(() => sink.close());
  return { otlp_grpc: { endpoint: sink.endpoint, tls: { insecure: true } } };
}

const sinks = [
  { over: 'HTTP', open: httpSink },
  { over: 'gRPC', open: grpcSink },
];

describe.each(sinks)('a destination over $over', ({ open }) => {
  it('fault 21: that takes small requests only gets halves, and what is too large by itself becomes a dead letter', async () => {
    const oracle = new Oracle();
    const deadLetters = folder();
    const { http, metric } = await startService({ exporters: { ...(await open(oracle)) }, deadLetters });
    const sender = new Sender(oracle, http);
    expect((await sender.send(64, 1000)).status).toBe(200);
    const huge = await sender.send(1, 2 * limit);
    expect(huge.status).toBe(200);
    await sender.close();
    expect(oracle.missing()).toEqual(huge.ids);
    expect(oracle.tally()).toMatchObject({ delivered: 64, duplicated: 0 });
    expect((await lettersOf(deadLetters)).map(({ ids }) => ids)).toEqual([huge.ids]);
    expect(metric('otelcol_dropped_items', { reason: 'dead_letter' })).toBe(1);
  });

  it('fault 28: that refuses every request with one bad record gets all others, and the queue on disk moves on', async () => {
    const oracle = new Oracle();
    const deadLetters = folder();
    const exporters = { ...(await open(oracle, 17)) };
    const { http } = await startService({ exporters, deadLetters, storage: folder() });
    const sender = new Sender(oracle, http);
    await sender.send(50);
    await sender.send(50);
    await eventually(
      () => `the arrival of ${String(oracle.missing())}`,
      () => (oracle.missing().length === 1 ? true : undefined),
    );
    const letters = await eventually(
      () => 'a dead letter',
      async () => {
        const found = await lettersOf(deadLetters);
        return found.length > 0 ? found : undefined;
      },
    );
    await sender.close();
    expect(oracle.missing()).toEqual([17]);
    expect(letters.map(({ ids }) => ids)).toEqual([[17]]);
    expect(letters[0]?.reason).toContain('bad record');
    expect(oracle.tally().duplicated).toBe(0);
  });
});
