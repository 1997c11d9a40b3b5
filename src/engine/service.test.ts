import { afterEach, describe, expect, it } from 'vitest';
import { PermanentError, RetryableError } from '../plugin/index.ts';
import { decode, type Batch } from '../wire/index.ts';
import type { Service } from './service.ts';
import { StartError } from './start-error.ts';
import { every, fixture, stage as setStage } from './test-data/stage.ts';

let running: Service | undefined;
afterEach(async () => {
  await running?.stop(0);
  running = undefined;
});

/** A stage whose service is stopped after the test. */
function stage() {
  const made = setStage();
  return { ...made, build: (yaml: string): Service => (running = made.build(yaml)) };
}

const quietTelemetry = 'telemetry: { metrics: { level: none } }';
const simple = `
receivers: { source: }
exporters: { sink: }
service:
  ${quietTelemetry}
  pipelines: { logs: { receivers: [source], exporters: [sink] } }
`;

describe('the service', () => {
  it('starts exporters before receivers and stops them after', async () => {
    const { build, events } = stage();
    const service = build(`
receivers: { source: }
exporters: { sink: }
extensions: { helper: }
service:
  extensions: [helper]
  ${quietTelemetry}
  pipelines: { logs: { receivers: [source], exporters: [sink] }, traces: { receivers: [source], exporters: [sink] } }
`);
    await service.start();
    expect(service.health().ready).toBe(true);
    await service.stop();
    expect(service.health().ready).toBe(false);
    expect(events).toEqual(['start helper', 'start sink', 'start source', 'stop source', 'stop sink', 'stop helper']);
  });

  it('says which component could not start, and leaves nothing running', async () => {
    const { build, events } = stage();
    const service = build(`
receivers: { source: }
exporters: { sink/good: , sink/bad: { broken: true } }
service:
  ${quietTelemetry}
  pipelines: { logs: { receivers: [source], exporters: [sink/good, sink/bad] } }
`);
    await expect(service.start()).rejects.toThrow(new StartError('exporter/sink/bad', new Error('no such place')));
    expect(events).toEqual(['start sink/good', 'stop sink/good']);
  });

  it('passes the same bytes through when nobody looks at them', async () => {
    const { build, emit, delivered } = stage();
    await build(simple).start();
    const batch = fixture('logs');
    await emit('source', batch);
    expect(delivered[0]?.batch.bytes).toBe(batch.bytes);
  });

  it('runs functions over records, edit steps and operators in the order of the file', async () => {
    const { build, emit, delivered } = stage();
    const service = build(`
receivers: { source: }
processors: { shout: , quiet: , stamp: , same: }
exporters: { sink: }
service:
  ${quietTelemetry}
  pipelines: { logs: { receivers: [source], processors: [shout, quiet, same, stamp], exporters: [sink] } }
`);
    await service.start();
    await emit('source', fixture('logs'));
    const { resources } = decode(delivered[0]?.batch as Batch<'logs'>);
    const records = resources.flatMap((resource) => resource.scopes.flatMap((scope) => scope.records));
    expect(records.length).toBeGreaterThan(0);
    expect(records.length).toBe(delivered[0]?.batch.count);
    expect(records.every((record) => record.severityNumber >= 13 && record.attributes.get('shout') === 'yes')).toBe(
      true,
    );
    expect(resources.every(({ resource }) => resource?.attributes.get('stamped') === 'yes')).toBe(true);
    const counted = service.metrics().find((family) => family.name === 'otelcol_dropped_items')?.samples[0];
    expect(counted).toMatchObject({ labels: { component: 'quiet', reason: 'filtered' }, value: 64 - records.length });
  });

  it('refuses the data of a processor that throws, names it in the log, and goes on', async () => {
    const { build, emit, logged } = stage();
    await build(`
receivers: { source: , source/good: }
processors: { throws: }
exporters: { sink: }
service:
  ${quietTelemetry}
  pipelines: { logs/bad: { receivers: [source], processors: [throws], exporters: [sink] }, logs/good: { receivers: [source/good], exporters: [sink] } }
`).start();
    await expect(emit('source', fixture('logs'))).rejects.toMatchObject({
      name: 'RetryableError',
      message: 'a bug in a plugin',
    });
    expect(logged.join('')).toContain('processor/throws');
    await emit('source/good', fixture('logs'));
  });

  it('answers OK only when every destination has the data', async () => {
    const { build, emit, delivered, answers } = stage();
    await build(`
receivers: { source: }
exporters: { sink/fast: , sink/slow: }
service:
  ${quietTelemetry}
  pipelines: { logs/1: { receivers: [source], exporters: [sink/fast] }, logs/2: { receivers: [source], exporters: [sink/slow] } }
`).start();
    const slow = Promise.withResolvers<void>();
    answers.set('sink/slow', () => slow.promise);
    let answered = false;
    const sending = emit('source', fixture('logs')).then(() => (answered = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(delivered.map(({ exporter }) => exporter)).toEqual(['sink/fast']);
    expect(answered).toBe(false);
    slow.resolve();
    await sending;
    expect(delivered.map(({ exporter }) => exporter)).toEqual(['sink/fast', 'sink/slow']);
  });

  it('tells a sender to keep its data when the destination is away for longer than it waits', async () => {
    const { build, emit, answers, delivered } = stage();
    await build(simple).start();
    answers.set('sink', () => {
      throw new RetryableError('connection refused');
    });
    await expect(emit('source', fixture('logs'), Date.now() + 1000)).rejects.toMatchObject({
      name: 'RetryableError',
      retryAfterMs: expect.any(Number) as number,
    });
    answers.delete('sink');
    await emit('source', fixture('logs'));
    expect(delivered).toHaveLength(1);
  });

  it('passes on what a destination refuses for good', async () => {
    const { build, emit, answers } = stage();
    await build(simple).start();
    answers.set('sink', () => {
      throw new PermanentError('unknown dataset');
    });
    await expect(emit('source', fixture('logs'))).rejects.toMatchObject({
      name: 'PermanentError',
      message: 'unknown dataset',
    });
  });

  it('joins pipelines through connectors, and carries the answer back through them', async () => {
    const { build, emit, delivered, answers } = stage();
    await build(`
receivers: { source/a: , source/b: }
processors: { stamp: }
connectors: { join: }
exporters: { sink: }
service:
  ${quietTelemetry}
  pipelines:
    logs/a: { receivers: [source/a], exporters: [join] }
    logs/b: { receivers: [source/b], exporters: [join] }
    logs/out: { receivers: [join], processors: [stamp], exporters: [sink] }
`).start();
    await emit('source/a', fixture('logs'));
    await emit('source/b', fixture('logs'));
    expect(delivered).toHaveLength(2);
    answers.set('sink', () => {
      throw new PermanentError('no');
    });
    await expect(emit('source/a', fixture('logs'))).rejects.toBeInstanceOf(PermanentError);
  });

  it('holds senders back when the window is full, and tells them so when their time is up', async () => {
    const { build, emit, answers } = stage();
    await build(simple.replace('service:', 'service:\n  limits: { window_bytes: 40KB }')).start();
    const slow = Promise.withResolvers<void>();
    answers.set('sink', () => slow.promise);
    const first = emit('source', fixture('logs'));
    const second = emit('source', fixture('logs'), Date.now() + 200);
    await expect(second).rejects.toMatchObject({ message: 'busy: no room for more data' });
    slow.resolve();
    await first;
  });

  it('delivers what is on its way before it stops', async () => {
    const { build, emit, answers, delivered } = stage();
    const service = build(simple);
    await service.start();
    answers.set('sink', () => new Promise((resolve) => setTimeout(resolve, 50)));
    const sending = emit('source', fixture('logs'));
    await service.stop();
    await sending;
    expect(delivered).toHaveLength(1);
  });

  it('refuses what waits for room, and what comes in later, as soon as it stops, and delivers the rest', async () => {
    const { build, emit, answers, delivered } = stage();
    const service = build(simple.replace('service:', 'service:\n  limits: { window_bytes: 40KB }'));
    await service.start();
    const slow = Promise.withResolvers<void>();
    answers.set('sink', () => slow.promise);
    const first = emit('source', fixture('logs'));
    const waiting = emit('source', fixture('logs'));
    const stopped = service.stop(5000);
    const late = emit('source', fixture('logs'));
    for (const refused of [waiting, late]) {
      await expect(refused).rejects.toMatchObject({ name: 'RetryableError', message: 'shutting down' });
    }
    slow.resolve();
    await Promise.all([first, stopped]);
    expect(delivered).toHaveLength(1);
  });

  it('gives what cannot be delivered back to its sender when the drain is over', async () => {
    const { build, emit, answers } = stage();
    const service = build(simple);
    await service.start();
    answers.set('sink', () => new Promise(() => undefined));
    const [refused] = await Promise.allSettled([emit('source', fixture('logs')), service.stop(100)]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { name: 'RetryableError' } });
  });

  it('counts what it accepts, refuses and sends under the names that people grep for', async () => {
    const { build, emit } = stage();
    const service = build(`
receivers: { source: }
exporters: { sink: }
service:
  ${quietTelemetry}
  pipelines: { logs: { receivers: [source], exporters: [sink] }, traces: { receivers: [source], exporters: [sink] }, metrics: { receivers: [source], exporters: [sink] } }
`);
    await service.start();
    for (const signal of every) await emit('source', fixture(signal));
    const values = Object.fromEntries(
      service.metrics().flatMap(({ name, samples }) => samples.map(({ value }) => [name, value])),
    );
    expect(values).toMatchObject({
      otelcol_receiver_accepted_log_records: 64,
      otelcol_receiver_accepted_spans: 64,
      otelcol_receiver_accepted_metric_points: 64,
      otelcol_receiver_refused_spans: 0,
      otelcol_exporter_sent_log_records: 64,
      otelcol_exporter_sent_spans: 64,
      otelcol_exporter_sent_metric_points: 64,
      otelcol_exporter_queue_capacity: 1000,
    });
  });
});
