import { decode, defineExporter, z, type Batch, type Context } from 'sluice/plugin';
import { detailedText } from './detailed/index.ts';
import { normalText } from './normal.ts';
import { openOutput } from './output.ts';
import { sampler } from './sampling.ts';
import { title, totals } from './totals.ts';

const config = z.strictObject({
  verbosity: z
    .enum(['basic', 'normal', 'detailed'])
    .default('basic')
    .describe('How much is shown: counts only, one line a record, or everything.'),
  sampling_initial: z
    .number()
    .int()
    .nonnegative()
    .default(2)
    .describe('How many batches of a signal are shown in each second, to begin with.'),
  sampling_thereafter: z
    .number()
    .int()
    .nonnegative()
    .default(1)
    .describe('Which of the further batches of that second are shown: 1 is each, 10 every tenth, 0 none.'),
  use_internal_logger: z
    .boolean()
    .default(true)
    .describe('Show batches in the own log; off: write them to `output_paths`.'),
  output_paths: z
    .array(z.string().min(1))
    .min(1)
    .default(['stdout'])
    .describe('Where to write without the own log: `stdout`, `stderr` or files, which are appended to.'),
});

type Config = z.output<typeof config>;

/** Shows one batch. */
type Show = (batch: Batch) => Promise<void>;

export default defineExporter({
  type: 'debug',
  summary: 'Shows what comes through, in the log or on the console.',
  stability: 'stable',
  config,
  signals: ['logs', 'traces', 'metrics'],
  delivery: 'direct',
  async start(config, context) {
    const shown = sampler(context.clock, config.sampling_initial, config.sampling_thereafter);
    const { show, close } = config.use_internal_logger ? toLog(config, context) : await toOutputs(config);
    return {
      async send(batch) {
        if (shown(batch.signal)) await show(batch);
      },
      stop: close,
    };
  },
});

function toLog(config: Config, { logger }: Context): { show: Show; close: () => void } {
  return {
    show(batch) {
      logger.info(totals(batch), title[batch.signal]);
      if (config.verbosity !== 'basic') logger.info({}, details(config, batch));
      return Promise.resolve();
    },
    close: () => {},
  };
}

async function toOutputs(config: Config): Promise<{ show: Show; close: () => Promise<void> }> {
  const outputs = await Promise.all(config.output_paths.map(openOutput));
  return {
    async show(batch) {
      const counts = Object.entries(totals(batch)).map(([name, count]) => `"${name}": ${count}`);
      const heading = `${title[batch.signal]}\t{${counts.join(', ')}}\n`;
      const text = config.verbosity === 'basic' ? heading : `${heading}${details(config, batch)}\n`;
      await Promise.all(outputs.map((output) => output.write(text)));
    },
    async close() {
      await Promise.all(outputs.map((output) => output.close()));
    },
  };
}

function details(config: Config, batch: Batch): string {
  const request = decode(batch);
  return config.verbosity === 'normal' ? normalText(request) : detailedText(request);
}
