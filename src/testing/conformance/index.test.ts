import { filter, map } from 'rxjs';
import { expect, test } from 'vitest';
import { defineExporter, defineProcessor, defineReceiver, z, type Definition } from '../../plugin/index.ts';
import { conformance } from './index.ts';

/** The names of the checks that a component fails. */
async function failures(definition: Definition): Promise<string[]> {
  const results = conformance(definition).map(async ({ name, run }) => {
    try {
      await run();
      return [];
    } catch {
      return [name];
    }
  });
  return (await Promise.all(results)).flat();
}

const fine = {
  type: 'sample',
  summary: 'Does something to everything.',
  config: z.strictObject({ size: z.number().default(1).describe('How large it is.') }),
};

test('a component without fault passes', async () => {
  expect(await failures(defineProcessor({ ...fine, operator: (deliveries) => deliveries }))).toEqual([]);
  expect(await failures(defineProcessor({ ...fine, record: (record) => record }))).toEqual([]);
  expect(await failures(defineProcessor({ ...fine, signals: ['traces'], record: () => undefined }))).toEqual([]);
  expect(await failures(defineProcessor({ ...fine, edit: () => [] }))).toEqual([]);
});

test('faults of the description are found', async () => {
  const nested = z.looseObject({ list: z.array(z.strictObject({ inner: z.string().default('') })).default([]) });
  expect(
    await failures(
      defineReceiver({
        type: 'BadType',
        summary: 'no sentence',
        config: nested,
        signals: ['logs'],
        sharing: 'port',
        start() {},
      }),
    ),
  ).toEqual([
    'its type is in snake_case',
    'its summary is one sentence',
    'every option has a description',
    'an option that does not exist is refused',
  ]);
});

test('a processor that forgets deliveries fails in every way of ending', async () => {
  const forgetful = defineProcessor({
    ...fine,
    signals: ['logs'],
    operator: (deliveries) => deliveries.pipe(filter(({ batch }) => batch.count > 1)),
  });
  expect(await failures(forgetful)).toEqual([
    'logs: every delivery is settled when the input ends',
    'logs: every delivery is settled while the input goes on, without further data',
    'logs: every delivery is settled when the input ends with an error',
    'logs: what fails further down fails for its sender',
    'logs: what comes out is well formed and counted right',
  ]);
});

test('a processor that acknowledges by itself hides failures further down', async () => {
  const hasty = defineProcessor({
    ...fine,
    signals: ['logs'],
    operator: (deliveries) =>
      deliveries.pipe(
        map((delivery) => {
          queueMicrotask(() => queueMicrotask(() => delivery.ack()));
          return delivery;
        }),
      ),
  });
  expect(await failures(hasty)).toEqual(['logs: what fails further down fails for its sender']);
});

test('a processor that counts wrong is found', async () => {
  const miscounting = defineProcessor({
    ...fine,
    signals: ['logs'],
    operator: (deliveries) => deliveries.pipe(map((delivery) => delivery.with({ ...delivery.batch, count: 7 }))),
  });
  expect(await failures(miscounting)).toEqual(['logs: what comes out is well formed and counted right']);
});

test('an exporter that throws errors of its own kind, or writes to a batch, is found', async () => {
  const exporter = { ...fine, signals: ['logs'] } as const;
  expect(
    await failures(defineExporter({ ...exporter, start: () => ({ send: () => Promise.reject(new Error('?')) }) })),
  ).toEqual([
    'it answers for every batch, with success or with an error that can be told apart',
    'it leaves the bytes of a batch alone',
    'it answers what is under way when it is stopped',
    'it answers when the time for a batch is over',
  ]);
  const writing = async ({ bytes }: { bytes: Uint8Array }): Promise<void> => void bytes.fill(0);
  expect(await failures(defineExporter({ ...exporter, start: () => ({ send: writing }) }))).toEqual([
    'it leaves the bytes of a batch alone',
  ]);
});

test('an exporter that cannot be stopped twice is found', async () => {
  const once = defineExporter({
    ...fine,
    signals: ['logs'],
    start() {
      let stopped = false;
      return {
        send: async () => {},
        stop() {
          if (stopped) throw new Error('already closed');
          stopped = true;
        },
      };
    },
  });
  expect(await failures(once)).toEqual(['it starts, stops, and can be stopped once more']);
});
