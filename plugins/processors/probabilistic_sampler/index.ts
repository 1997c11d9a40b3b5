import { defineProcessor, z, type LogRecord, type Span } from 'sluice/plugin';
import { sampleOfLog, sampleOfSpan, type SampleOptions } from './sample.ts';
import { deciderOf, isKept } from './sampler.ts';
import { lowestProbability } from './threshold.ts';

export default defineProcessor({
  type: 'probabilistic_sampler',
  summary: 'Keeps a percentage of spans, by trace, or of log records; the same choice everywhere.',
  stability: 'beta',
  signals: ['logs', 'traces'],
  config: z.strictObject({
    sampling_percentage: z
      .number()
      .min(0)
      .refine((value) => value === 0 || value / 100 >= lowestProbability, 'too small; the lowest is one in 2^56')
      .default(0)
      .describe('How many of a hundred to keep. 0 keeps none, 100 and more keep all.'),
    mode: z
      .enum(['hash_seed', 'proportional', 'equalizing', ''])
      .default('')
      .describe(
        '`hash_seed` (the default) hashes the trace id; `proportional` keeps a share of what arrives; `equalizing` brings every trace to the same share in all.',
      ),
    hash_seed: z
      .number()
      .int()
      .min(0)
      .max(0xffffffff)
      .default(0)
      .describe('For `hash_seed`: samplers one after the other choose independently with different seeds.'),
    fail_closed: z
      .boolean()
      .default(true)
      .describe(
        'Drop what cannot be decided: no trace id, or sampling information that makes no sense. Otherwise it is kept.',
      ),
    sampling_precision: z
      .number()
      .int()
      .min(1)
      .max(14)
      .default(4)
      .describe('Hex digits of the threshold that is written.'),
    attribute_source: z
      .enum(['traceID', 'record'])
      .default('traceID')
      .describe('For logs: go by the trace id, or by the attribute of `from_attribute`.'),
    from_attribute: z
      .string()
      .default('')
      .describe('For logs: the attribute to hash where there is no trace id, or it is not to be used.'),
    sampling_priority: z
      .string()
      .default('')
      .describe('For logs: an attribute with a percentage that replaces the configured one.'),
  }),
  edit: (config, { signal }) => {
    const mode = config.mode === '' ? 'hash_seed' : config.mode;
    const { sampling_percentage: percentage, sampling_precision: precision, fail_closed: failClosed } = config;
    const decide = deciderOf({ percentage, mode, precision, failClosed });
    const options: SampleOptions = {
      mode,
      precision,
      seed: config.hash_seed,
      byTraceId: config.attribute_source === 'traceID',
      fromAttribute: config.from_attribute,
      priorityAttribute: config.sampling_priority,
      keepsNothing: decide === undefined,
    };
    return (record) => {
      const sample =
        signal === 'traces' ? sampleOfSpan(record as Span, options) : sampleOfLog(record as LogRecord, options);
      return isKept(sample, decide, failClosed) ? record : undefined;
    };
  },
});
