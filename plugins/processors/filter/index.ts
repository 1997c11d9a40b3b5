import { defineProcessor, type Condition } from 'sluice/plugin';
import { config } from './config.ts';
import { dropping } from './decide.ts';
import { olderRules, rulesOf } from './rules.ts';

export default defineProcessor({
  type: 'filter',
  summary: 'Drops log records, spans, span events, metrics and data points on which a condition holds.',
  stability: 'beta',
  config,
  edit: (options, { signal, logger }) => {
    const rules = rulesOf(options, signal);
    const plans = rules.map(({ condition }) => condition.plan);
    if (!plans.every((plan) => plan !== undefined)) return dropping(rules, logger);
    const any: Condition[] = [...plans, ...olderRules(options, signal)];
    return any.length === 0 ? [] : [{ do: 'drop', when: { any } }];
  },
});
