import type { Condition, OttlCondition, Signal } from 'sluice/plugin';
import type { Config, ErrorMode } from './config.ts';
import { metricConditions } from './match.ts';

/** A condition that drops what it holds for. */
export interface Rule {
  readonly condition: OttlCondition;
  readonly errorMode: ErrorMode;
}

/** The OTTL conditions for a signal, in the order in which they are asked: from the outside in. */
export function rulesOf(config: Config, signal: Signal): Rule[] {
  const { logs, traces, metrics, error_mode: errorMode } = config;
  const own = {
    logs: [logs.resource, logs.log_record],
    traces: [traces.resource, traces.span, traces.spanevent],
    metrics: [metrics.resource, metrics.metric, metrics.datapoint],
  }[signal];
  const inferred = { logs: config.log_conditions, traces: config.trace_conditions, metrics: config.metric_conditions };
  return [
    ...own.flat().map((condition) => ({ condition, errorMode })),
    ...inferred[signal].flatMap((item) =>
      'conditions' in item
        ? item.conditions.map((condition) => ({ condition, errorMode: item.error_mode ?? errorMode }))
        : { condition: item, errorMode },
    ),
  ];
}

/** What the form from before OTTL drops: what is not included, and what is excluded. */
export function olderRules({ logs, metrics, spans }: Config, signal: Signal): Condition[] {
  const { include, exclude } = {
    logs: { include: all(logs.include), exclude: all(logs.exclude) },
    traces: { include: all(spans?.include), exclude: all(spans?.exclude) },
    metrics: {
      include: metrics.include === undefined ? [] : metricConditions(metrics.include),
      exclude: metrics.exclude === undefined ? [] : metricConditions(metrics.exclude),
    },
  }[signal];
  return [...include.map((not) => ({ not })), ...exclude];
}

function all(condition: Condition | undefined): Condition[] {
  return condition === undefined ? [] : [condition];
}
