import { readFileSync } from 'node:fs';
import { map } from 'rxjs';
import { createRegistry, loadConfig } from '../../config/index.ts';
import {
  defineConnector,
  defineExporter,
  defineExtension,
  defineProcessor,
  defineReceiver,
  z,
  type Definition,
  type ReceiverContext,
} from '../../plugin/index.ts';
import { fakeTransport } from '../../testing/fake-transport.ts';
import { receive, type Batch, type Signal } from '../../wire/index.ts';
import { Service } from '../service.ts';

const meta = { receivedAt: 0 };
export const fixture = (signal: Signal): Batch =>
  receive(signal, readFileSync(new URL(`../../../test/fixtures/${signal}.collector.pb`, import.meta.url)), meta);
const empty = z.strictObject({});
export const every = ['logs', 'traces', 'metrics'] as const;

/** Components that write down what happens to them, and a service built from YAML that uses them. */
export function stage() {
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
    return new Service({
      configuration,
      createTransport: () => fakeTransport(),
      writeLog: (line) => void logged.push(line),
    });
  };
  const logged: string[] = [];
  const emit = (id: string, batch: Batch, deadline?: number): Promise<void> =>
    (receivers.get(id) as ReceiverContext).emit(batch, deadline === undefined ? {} : { deadline });
  return { build, emit, events, delivered, answers, logged, receivers };
}
