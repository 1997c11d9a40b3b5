import { inferredOttlCondition, ottlCondition, z, type ContextName } from 'sluice/plugin';
import { matchCondition, matchProperties } from '../attributes/match.ts';
import { logProperties, metricProperties } from './match.ts';

const errorMode = z.enum(['ignore', 'silent', 'propagate']);

function conditions(context: ContextName, what: string) {
  return z
    .array(ottlCondition(context))
    .default([])
    .describe(`OTTL conditions on a ${context}. Where one holds, ${what}.`);
}

/** A condition, or several with a context and a way with errors of their own. */
function inferred(allowed: readonly [ContextName, ...ContextName[]]) {
  const condition = inferredOttlCondition(allowed);
  const group = z.strictObject({
    context: z.enum(allowed).optional().describe('Taken for compatibility; the paths of a condition say its context.'),
    error_mode: errorMode.optional().describe('What to do where a condition of this group cannot be decided.'),
    conditions: z.array(condition).default([]).describe('OTTL conditions; where one holds, the data is dropped.'),
  });
  return z
    .array(z.union([condition, group]))
    .default([])
    .describe(
      'OTTL conditions whose paths say their context, such as `resource.attributes["a"]`. Where one holds, the data is dropped.',
    );
}

const logs = z.strictObject({
  resource: conditions('resource', 'all its log records are dropped'),
  log_record: conditions('log', 'it is dropped'),
  include: logProperties.optional().describe('Keep only log records that match all of these.'),
  exclude: logProperties.optional().describe('Drop log records that match all of these.'),
});

const traces = z.strictObject({
  resource: conditions('resource', 'all its spans are dropped'),
  span: conditions('span', 'it is dropped'),
  spanevent: conditions('spanevent', 'it is dropped; the span stays'),
});

const metrics = z.strictObject({
  resource: conditions('resource', 'all its metrics are dropped'),
  metric: conditions('metric', 'it is dropped with all its points'),
  datapoint: conditions('datapoint', 'it is dropped'),
  include: metricProperties.optional().describe('Keep only metrics that match these.'),
  exclude: metricProperties.optional().describe('Drop metrics that match one of these.'),
});

const spanProperties = matchProperties.transform((properties) => matchCondition(properties, 'traces'));

const spans = z.strictObject({
  include: spanProperties.optional().describe('Keep only spans that match all of these.'),
  exclude: spanProperties.optional().describe('Drop spans that match all of these.'),
});

export const config = z
  .strictObject({
    error_mode: errorMode
      .default('ignore')
      .describe(
        'Where a condition cannot be decided: `ignore` goes on to the next with a line in the log, `silent` without, `propagate` refuses the request.',
      ),
    logs: logs.prefault({}).describe('Which log records to drop.'),
    traces: traces.prefault({}).describe('Which spans and events to drop.'),
    metrics: metrics.prefault({}).describe('Which metrics and data points to drop.'),
    spans: spans.optional().describe('Which spans to keep or drop, in the form from before OTTL.'),
    log_conditions: inferred(['log', 'scope', 'resource']),
    trace_conditions: inferred(['span', 'spanevent', 'scope', 'resource']),
    metric_conditions: inferred(['datapoint', 'metric', 'scope', 'resource']),
  })
  .superRefine((options, context) => {
    const { logs: log, metrics: metric, traces: trace, spans: span } = options;
    const clash = (path: string, isOld: boolean, lists: readonly (readonly unknown[])[]): void => {
      if (!isOld || lists.every(({ length }) => length === 0)) return;
      context.addIssue({
        code: 'custom',
        path: [path],
        message: 'OTTL conditions and include/exclude do not go together',
      });
    };
    clash('logs', (log.include ?? log.exclude) !== undefined, [log.resource, log.log_record, options.log_conditions]);
    clash('spans', span !== undefined, [trace.resource, trace.span, trace.spanevent, options.trace_conditions]);
    clash('metrics', (metric.include ?? metric.exclude) !== undefined, [
      metric.resource,
      metric.metric,
      metric.datapoint,
      options.metric_conditions,
    ]);
  });

export type Config = z.output<typeof config>;
export type ErrorMode = z.output<typeof errorMode>;
