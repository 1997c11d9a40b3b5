import { inferredOttlCondition, z, type ContextName } from 'sluice/plugin';
import { lowestProbability } from './threshold.ts';

const percentage = z
  .number()
  .min(0)
  .refine((value) => value === 0 || value / 100 >= lowestProbability, 'too small; the lowest is one in 2^56');

function rules(records: string, allowed: readonly [ContextName, ...ContextName[]]) {
  const rule = z.strictObject({
    condition: inferredOttlCondition(allowed).describe(
      'OTTL condition whose paths say their context, such as `span.name == "a"`.',
    ),
    sampling_percentage: percentage.describe('How many of a hundred of these to keep; 100 keeps them untouched.'),
  });
  return z
    .array(rule)
    .default([])
    .describe(
      `Percentages of their own for some ${records}: the first rule whose condition holds decides. \`sampling_percentage\` is for the rest, where 100 then keeps them untouched.`,
    );
}

export const config = z.strictObject({
  sampling_percentage: percentage
    .default(0)
    .describe('How many of a hundred to keep. 0 keeps none, 100 and more keep all.'),
  trace_rules: rules('spans', ['span', 'scope', 'resource']),
  log_rules: rules('log records', ['log', 'scope', 'resource']),
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
});

export type Config = z.output<typeof config>;
