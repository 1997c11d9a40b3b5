import { applyCall, defineProcessor, type Call, type Condition, type Editable, type Signal } from 'sluice/plugin';
import { randomnessKey, thresholdKey } from './carrier.ts';
import { config, type Config } from './config.ts';
import { freshLogs, freshSpans } from './fresh.ts';
import { firstThatHolds } from './rules.ts';
import { sampleOfLog, sampleOfSpan, spanPriorityKey, type SampleOptions } from './sample.ts';
import { bucketsKept, deciderOf, isKept } from './sampler.ts';

/** Whether a record is kept; what was decided is written to it. */
type Sampler = (record: Editable) => boolean;

export default defineProcessor({
  type: 'probabilistic_sampler',
  summary: 'Keeps a percentage of spans, by trace, or of log records; the same choice everywhere.',
  stability: 'beta',
  signals: ['logs', 'traces'],
  config,
  edit: (options, { signal, logger }) => {
    const rules = signal === 'traces' ? options.trace_rules : options.log_rules;
    const rest = samplerOf(options.sampling_percentage, signal, options, rules.length > 0);
    const samplers = rules.map((rule) => samplerOf(rule.sampling_percentage, signal, options, true));
    const plans = rules.flatMap(({ condition }) => condition.plan ?? []);
    if (plans.length === rules.length) {
      const chosen = (record: Editable): Sampler => samplers.find((_each, i) => record.holds(i)) ?? rest;
      return [stepOf(signal, options, plans, rules.length === 0 ? rest : (record) => chosen(record)(record))];
    }
    const steps = samplers.map((sampler) => stepOf(signal, options, [], sampler));
    const restStep = stepOf(signal, options, [], rest);
    const choose = firstThatHolds(rules, logger);
    return (record, place) => {
      const step = steps[choose({ record, place })] ?? restStep;
      return applyCall(step, { record, place }) ? record : undefined;
    };
  },
});

/**
 * Where there are rules, a record is kept at 100 whatever it carries, so that "all errors" means all of them, those without
 * a trace id included.
 */
function samplerOf(percentage: number, signal: Signal, config: Config, isRule: boolean): Sampler {
  if (isRule && percentage >= 100) return () => true;
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
  const sampleOf = signal === 'traces' ? sampleOfSpan : sampleOfLog;
  const sampler: Sampler = (record) => isKept(sampleOf(record, options), decide, failClosed);
  const kept = bucketsKept(percentage);
  if (mode !== 'hash_seed' || kept === 0) return sampler;
  const fresh = (signal === 'traces' ? freshSpans : freshLogs)(options, kept, failClosed);
  return (record) => fresh(record) ?? sampler(record);
}

function stepOf(signal: Signal, config: Config, asks: readonly Condition[], call: Sampler): Call {
  const named = [config.from_attribute, config.sampling_priority].filter((key) => key !== '');
  return signal === 'traces'
    ? { do: 'call', on: 'record', keys: [spanPriorityKey], fields: ['trace_id', 'trace_state'], asks, call }
    : { do: 'call', on: 'record', keys: [thresholdKey, randomnessKey, ...named], fields: ['trace_id'], asks, call };
}
