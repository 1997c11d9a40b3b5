import type { ExporterDefinition } from '../../plugin/index.ts';
import type { Batch } from '../../wire/index.ts';
import { runExporter, type ExporterRun } from '../run-exporter.ts';
import { settledWithin } from '../settled.ts';
import { samples } from './samples.ts';
import type { Check, Conditions } from './types.ts';

/** Checks of what an exporter does with data. What it answers matters less than that it answers. */
export function exporterChecks(definition: ExporterDefinition, conditions: Conditions): readonly Check[] {
  const run = (): Promise<ExporterRun> => runExporter(definition, conditions.config, conditions.context?.());
  const batches = (): Batch[] => definition.signals.flatMap(samples);
  return [
    {
      name: 'it answers for every batch, with success or with an error that can be told apart',
      async run() {
        const exporter = await run();
        await answered(sendAll(exporter, batches()));
        await settledWithin([exporter.stop()], 'stopped');
      },
    },
    {
      name: 'it leaves the bytes of a batch alone',
      async run() {
        const exporter = await run();
        const sent = batches();
        const before = sent.map(({ bytes }) => Buffer.from(bytes));
        await answered(sendAll(exporter, sent));
        await settledWithin([exporter.stop()], 'stopped');
        if (sent.some(({ bytes }, i) => !before[i]?.equals(bytes)))
          throw new Error('send wrote to the bytes of a batch');
      },
    },
    {
      name: 'it answers what is under way when it is stopped',
      async run() {
        const exporter = await run();
        const sending = sendAll(exporter, batches());
        await settledWithin([exporter.stop()], 'stopped');
        await answered(sending);
      },
    },
    {
      name: 'it answers when the time for a batch is over',
      async run() {
        const exporter = await run();
        const signal = AbortSignal.abort(new Error('time is over'));
        await answered(sendAll(exporter, batches(), { signal }));
        await settledWithin([exporter.stop()], 'stopped');
      },
    },
  ];
}

type Answers = Promise<PromiseSettledResult<unknown>[]>;

function sendAll(
  exporter: ExporterRun,
  batches: readonly Batch[],
  options?: { readonly signal: AbortSignal },
): Answers {
  return Promise.allSettled(batches.map((batch) => exporter.send(batch, options)));
}

async function answered(answers: Answers): Promise<void> {
  const results = await settledWithin([answers], 'answered');
  for (const result of results.flat()) {
    if (result.status === 'rejected' && !isDeliveryError(result.reason)) {
      throw new Error('send threw something other than RetryableError or PermanentError', { cause: result.reason });
    }
  }
}

function isDeliveryError(error: unknown): boolean {
  const { delivery } = (error ?? {}) as { delivery?: unknown };
  return delivery === 'retryable' || delivery === 'permanent';
}
