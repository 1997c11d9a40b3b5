import { Metadata } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { encodeRpcStatus, rpcCodes } from '../../src/plugin/index.ts';
import { lettersOf } from './dead-letters.ts';
import { openGrpcSink, type GrpcAnswer } from './grpc-sink.ts';
import { HttpSink } from './http-sink.ts';
import { startService } from './in-process.ts';
import { Oracle } from './oracle.ts';
import { folder } from './process.ts';
import { Sender } from './sender.ts';

/** What OTLP lets a client send again. */
const retryableStatuses = [429, 502, 503, 504];
const retryableCodes = ['CANCELLED', 'DEADLINE_EXCEEDED', 'ABORTED', 'OUT_OF_RANGE', 'UNAVAILABLE', 'DATA_LOSS'];

/** Sends one record for each case. The destination answers each once with its case, and takes it the second time. */
async function eachOnce<T>(
  cases: readonly T[],
  exporterFor: (answer: (id: number) => T | undefined) => Promise<object>,
) {
  const oracle = new Oracle();
  const attempts = new Map<number, number>();
  const answer = (id: number): T | undefined => {
    attempts.set(id, (attempts.get(id) ?? 0) + 1);
    if (attempts.get(id) === 1) return cases[id];
    oracle.arrived([id]);
    return undefined;
  };
  const [type, options] = Object.entries(await exporterFor(answer))[0] as [string, object];
  const deadLetters = folder();
  const sending_queue = { num_consumers: 200 };
  const retry_on_failure = { initial_interval: '1ms', max_interval: '1ms' };
  const exporters = { [type]: { ...options, sending_queue, retry_on_failure } };
  const { http, metric } = await startService({ exporters, deadLetters });
  const sender = new Sender(oracle, http, cases.length);
  const heard = await Promise.all(cases.map(() => sender.send(1)));
  await sender.close();
  return { oracle, attempts, heard, metric, letters: await lettersOf(deadLetters) };
}

describe('what a destination answers', () => {
  it('fault 19: of the statuses 400 to 504, OTLP’s four are tried again, and the rest become dead letters that name them', async () => {
    const statuses = Array.from({ length: 105 }, (_, index) => 400 + index);
    const run = await eachOnce(statuses, async (answer) => {
      const sink = await HttpSink.open({ answer: ({ ids }) => ({ status: answer(ids[0] as number) ?? 200 }) });
      onTestFinished(() => sink.close());
      return { otlp_http: { endpoint: sink.url } };
    });
    expect(new Set(run.heard.map(({ status }) => status))).toEqual(new Set([200]));
    for (const [id, status] of statuses.entries()) {
      const again = retryableStatuses.includes(status);
      expect([status, run.attempts.get(id), run.oracle.times(id)]).toEqual([status, again ? 2 : 1, again ? 1 : 0]);
      const reasons = run.letters.filter(({ ids }) => ids.includes(id)).map(({ reason }) => reason);
      expect(reasons).toEqual(again ? [] : [`HTTP ${status}`]);
    }
    expect(run.metric('otelcol_dropped_items', { reason: 'dead_letter' })).toBe(101);
    for (const { component, time } of run.letters)
      expect([component, Date.parse(time) > 0]).toEqual(['exporter/otlp_http', true]);
  });

  it('fault 19: of the sixteen gRPC codes, OTLP’s six are tried again, and the rest become dead letters that name them', async () => {
    const names = Object.keys(rpcCodes).filter((name) => name !== 'OK') as (keyof typeof rpcCodes)[];
    const run = await eachOnce(names, async (answer) => {
      const sink = await openGrpcSink({
        answer: ([id]) => {
          const name = answer(id as number);
          return name && { code: rpcCodes[name], details: 'as told' };
        },
      });
      onTestFinished(() => sink.close());
      return { otlp_grpc: { endpoint: sink.endpoint, tls: { insecure: true } } };
    });
    for (const [id, name] of names.entries()) {
      const again = retryableCodes.includes(name);
      expect([name, run.attempts.get(id), run.oracle.times(id)]).toEqual([name, again ? 2 : 1, again ? 1 : 0]);
      const reasons = run.letters.filter(({ ids }) => ids.includes(id)).map(({ reason }) => reason);
      expect(reasons).toEqual(again ? [] : [`${name}: as told`]);
    }
  });

  it('fault 20: RESOURCE_EXHAUSTED is tried again when the server says when, and else becomes a dead letter', async () => {
    const exhausted: GrpcAnswer = { code: rpcCodes.RESOURCE_EXHAUSTED, details: 'quota' };
    const metadata = new Metadata();
    const status = encodeRpcStatus({ code: exhausted.code, message: 'quota', retryAfterMs: 10 });
    metadata.set('grpc-status-details-bin', Buffer.from(status));
    const run = await eachOnce([exhausted, { ...exhausted, metadata }], async (answer) => {
      const sink = await openGrpcSink({ answer: ([id]) => answer(id as number) });
      onTestFinished(() => sink.close());
      return { otlp_grpc: { endpoint: sink.endpoint, tls: { insecure: true } } };
    });
    expect(run.letters.map(({ ids, reason }) => ({ ids, reason }))).toEqual([
      { ids: [0], reason: 'RESOURCE_EXHAUSTED: quota' },
    ]);
    expect([run.oracle.times(0), run.oracle.times(1)]).toEqual([0, 1]);
  });

  it('fault 22: what a destination takes in part is not sent again, and what it rejected is counted and named', async () => {
    const oracle = new Oracle();
    // ExportLogsPartialSuccess { rejected_log_records: 3, error_message: "old" }
    const body = Buffer.from([0x0a, 7, 0x08, 3, 0x12, 3, ...Buffer.from('old')]);
    const headers = { 'content-type': 'application/x-protobuf' };
    const sink = await HttpSink.open({ answer: () => ({ headers, body }), taken: (ids) => oracle.arrived(ids) });
    const { http, metric, log } = await startService({ exporters: { otlp_http: { endpoint: sink.url } } });
    const sender = new Sender(oracle, http);
    expect((await sender.send(10)).status).toBe(200);
    await sender.close();
    await sink.close();
    expect(sink.requests).toBe(1);
    expect(metric('otelcol_dropped_items', { reason: 'rejected_by_destination' })).toBe(3);
    expect(metric('otelcol_exporter_sent_log_records')).toBe(7);
    expect(log.join('')).toMatch(/only in part.*"rejected":3,"message":"old"/);
  });
});
