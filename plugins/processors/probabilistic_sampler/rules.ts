import type { Logger, OttlCondition } from 'sluice/plugin';
import { tolerant } from '../filter/decide.ts';

type View = Parameters<OttlCondition['test']>[0];

/** The first of several rules that holds for a record, by its position; -1 where none does. */
export function firstThatHolds(
  rules: readonly { readonly condition: OttlCondition }[],
  logger: Logger,
): (view: View) => number {
  const tests = rules.map(({ condition }) => tolerant({ condition, errorMode: 'ignore' }, logger));
  return (view) => tests.findIndex((holds) => holds(view));
}
