import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../interop/program.ts';
import { HttpSink, type Answer } from './http-sink.ts';
import { startService } from './in-process.ts';
import { Oracle } from './oracle.ts';
import { folder } from './process.ts';
import { Sender } from './sender.ts';

describe('a dead destination behind ten consumers', () => {
  it('fault 16: sees a probe now and then instead of every batch, in health and metrics, and then gets everything', async () => {
    const oracle = new Oracle();
    let answer: Answer = { status: 503 };
    const sink = await HttpSink.open({ answer: () => answer, taken: (ids) => oracle.arrived(ids) });
    onTestFinished(() => sink.close());
    const { service, http, metric, log } = await startService({
      storage: folder(),
      exporters: { otlp_http: { endpoint: sink.url, circuit_breaker: { probe_interval: '150ms' } } },
    });
    const sender = new Sender(oracle, http);
    onTestFinished(() => sender.close());
    for (let request = 0; request < 100; request++) expect((await sender.send(5)).status).toBe(200);
    const before = sink.requests;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    // 75 ms lie between two probes at least; ten consumers with their own waits of 50 to 200 ms would come to a hundred.
    expect(sink.requests - before).toBeLessThanOrEqual(20);
    expect(sink.requests - before).toBeGreaterThanOrEqual(2);
    expect(metric('sluice_exporter_circuit_state', { exporter: 'otlp_http', data_type: 'logs' })).toBeGreaterThan(0);
    expect(service.health().problems).toEqual([
      {
        component: 'exporter/otlp_http',
        status: 'recoverable_error',
        message: expect.stringMatching(/^circuit open: HTTP 503/) as string,
      },
    ]);
    answer = {};
    await eventually(
      () => `the arrival of ${oracle.missing().length} records`,
      () => (oracle.missing().length === 0 ? true : undefined),
    );
    expect(metric('sluice_exporter_circuit_state')).toBe(0);
    expect(service.health().problems).toEqual([]);
    expect(log.filter((line) => line.includes('the circuit is')).length).toBe(2);
    expect(oracle.tally().duplicated).toBe(0);
  });
});
