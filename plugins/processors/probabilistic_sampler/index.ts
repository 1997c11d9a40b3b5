import { defineProcessor, type LogRecord, type RecordChange, type Span } from 'sluice/plugin';
import { config, type Config } from './config.ts';
import { byRules } from './rules.ts';
import { sampleOfLog, sampleOfSpan, type SampleOptions } from './sample.ts';
import { deciderOf, isKept } from './sampler.ts';

export default defineProcessor({
  type: 'probabilistic_sampler',
  summary: 'Keeps a percentage of spans, by trace, or of log records; the same choice everywhere.',
  stability: 'beta',
  signals: ['logs', 'traces'],
  config,
  edit: (options, { signal, logger }) => {
    const rules = signal === 'traces' ? options.trace_rules : options.log_rules;
    const sampler = (percentage: number): RecordChange => samplerOf(percentage, signal === 'traces', options);
    if (rules.length === 0) return sampler(options.sampling_percentage);
    return byRules(rules, options.sampling_percentage, sampler, logger);
  },
});

function samplerOf(percentage: number, ofSpans: boolean, config: Config): RecordChange {
  const mode = config.mode === '' ? 'hash_seed' : config.mode;
  const { sampling_precision: precision, fail_closed: failClosed } = config;
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
    const sample = ofSpans ? sampleOfSpan(record as Span, options) : sampleOfLog(record as LogRecord, options);
    return isKept(sample, decide, failClosed) ? record : undefined;
  };
}
