import type { Logger, OttlCondition, RecordChange } from 'sluice/plugin';
import { tolerant } from '../filter/decide.ts';

export interface SamplingRule {
  readonly condition: OttlCondition;
  readonly sampling_percentage: number;
}

/**
 * Samples each record as the first rule says whose condition holds, or as the rest. At 100 a record is kept whatever it
 * carries, so that "all errors" means all of them, those without a trace id included.
 */
export function byRules(
  rules: readonly SamplingRule[],
  rest: number,
  samplerOf: (percentage: number) => RecordChange,
  logger: Logger,
): RecordChange {
  const sampler = (percentage: number): RecordChange =>
    percentage >= 100 ? (record) => record : samplerOf(percentage);
  const cases = rules.map(({ condition, sampling_percentage }) => ({
    holds: tolerant({ condition, errorMode: 'ignore' }, logger),
    sample: sampler(sampling_percentage),
  }));
  const otherwise = sampler(rest);
  return (record, place) => {
    const found = cases.find(({ holds }) => holds({ record, place }));
    return (found?.sample ?? otherwise)(record, place);
  };
}
