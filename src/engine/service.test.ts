import { readFileSync } from 'node:fs';
import { map } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { createRegistry, loadConfig } from '../config/index.ts';
import {
  defineConnector,
  defineExporter,
  defineExtension,
  defineProcessor,
  defineReceiver,
  PermanentError,
  RetryableError,
  z,
  type Definition,
  type ReceiverContext,
} from '../plugin/index.ts';
import { fakeTransport } from '../testing/fake-transport.ts';
import { decode, receive, type Batch, type Signal } from '../wire/index.ts';
import { Service } from './service.ts';
import { StartError } from './start-error.ts';

const meta = { receivedAt: 0 };
const fixture = (signal: Signal): Batch =>
  receive(signal, readFileSync(new URL(`../../test/fixtures/${signal}.collector.pb`, import.meta.url)), meta);
const empty = z.strictObject({});
const every = ['logs', 'traces', 'metrics'] as const;

/** Components that write down what happens to them, and a service built from YAML that uses them. */
function stage() {
  const events: string[] = [];
  const receivers = new Map<string, ReceiverContext>();
  const delivered: { readonly exporter: string; readonly batch: Batch }[] = [];
  const answers = new Map<string, (batch: Batch) => void | Promise<void>>();
  const definitions: Definition[] = [
    defineReceiver({
      type: 'source',
      summary: 'Test.',
      signals: every,
      sharing: 'port',
      config: empty,
      start(_, context) {
        events.push(`start ${context.id}`);
        receivers.set(context.id, context);
        return () => void events.push(`stop ${context.id}`);
      },
    }),
    defineExporter({
      type: 'sink',
      summary: 'Test.',
      signals: every,
      config: z.strictObject({ broken: z.boolean().default(false).describe('Fail at start.') }),
      start({ broken }, context) {
        if (broken) throw new Error('no such place');
        events.push(`start ${context.id}`);
        return {
          async send(batch) {
            await answers.get(context.id)?.(batch);
            delivered.push({ exporter: context.id, batch });
          },
          stop: () => void events.push(`stop ${context.id}`),
        };
      },
    }),
    defineProcessor({
      type: 'shout',
      summary: 'Test.',
      signals: ['logs', 'traces'],
      config: empty,
      record(record) {
        record.attributes.set('shout', 'yes');
        return record;
      },
    }),
    defineProcessor({
      type: 'quiet',
      summary: 'Test.',
      config: empty,
      record: (record) => (record.severityNumber < 13 ? undefined : record),
    }),
    defineProcessor({
      type: 'throws',
      summary: 'Test.',
      config: empty,
      record() {
        throw new Error('a bug in a plugin');
      },
    }),
    defineProcessor({
      type: 'stamp',
      summary: 'Test.',
      config: empty,
      edit: () => [{ do: 'upsert', on: 'resource', key: 'stamped', from: { value: 'yes' } }],
    }),
    defineProcessor({
      type: 'same',
      summary: 'Test.',
      config: empty,
      operator: (deliveries) => deliveries.pipe(map((delivery) => delivery.with(delivery.batch))),
    }),
    defineConnector({
      type: 'join',
      summary: 'Test.',
      pairs: { logs: ['logs'] },
      config: empty,
      connect: (deliveries) => deliveries,
    }),
    defineExtension({
      type: 'helper',
      summary: 'Test.',
      config: empty,
      start(_, context) {
        events.push(`start ${context.id}`);
        return { stop: () => void events.push(`stop ${context.id}`) };
      },
    }),
  ];
  const build = (yaml: string): Service => {
    const { configuration, diagnostics } = loadConfig(
      [{ name: 'test.yaml', text: yaml }],
      createRegistry(definitions),
      { env: {}, readFile: () => '' },
    );
    if (configuration === undefined) throw new Error(JSON.stringify(diagnostics));
    return (running = new Service({
      configuration,
      createTransport: () => fakeTransport(),
      writeLog: (line) => void logged.push(line),
    }));
  };
  const logged: string[] = [];
  const emit = (id: string, batch: Batch, deadline?: number): Promise<void> =>
    (receivers.get(id) as ReceiverContext).emit(batch, deadline === undefined ? {} : { deadline });
  return { build, emit, events, delivered, answers, logged, receivers };
}

let running: Service | undefined;
afterEach(async () => {
  await running?.stop(0);
  running = undefined;
});

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
