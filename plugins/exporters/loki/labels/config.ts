import { template, z } from 'sluice/plugin';
import { labelName } from './label-name.ts';

/** What Loki takes as a label's name; a double underscore in front is Loki's own. */
const name = z
  .string()
  .regex(/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/, 'expected a label name: letters, digits and _, no digit first, no __');

const attribute = z
  .union([
    z.string().min(1),
    z.strictObject({
      attribute: z.string().min(1).describe('Name of the attribute.'),
      label: name.describe('Name of the label.'),
    }),
  ])
  .transform((value) => (typeof value === 'string' ? { attribute: value, label: labelName(value) } : value));

/** A switch, or the name of the label, which switches it on. */
const named = (defaultName: string) =>
  z
    .union([z.boolean(), name])
    .default(false)
    .transform((value) => (value === true ? defaultName : value === false ? undefined : value));

/** Like those that Loki makes labels of OTLP, without the ones that have a value for each pod, replica set or run. */
const usual = [
  'service.name',
  'service.namespace',
  'deployment.environment.name',
  'deployment.environment',
  'cloud.region',
  'cloud.availability_zone',
  'k8s.cluster.name',
  'k8s.namespace.name',
  'k8s.container.name',
  'container.name',
  'k8s.deployment.name',
  'k8s.statefulset.name',
  'k8s.daemonset.name',
  'k8s.cronjob.name',
];

export const labels = z.strictObject({
  static: z
    .record(name, z.string().min(1))
    .default({})
    .describe('Labels with a fixed value, such as `job: docker-containers`.'),
  severity: named('level').describe(
    'Make the severity a label: trace, debug, info, warn, error or fatal. `true` calls it `level`; another name may be given.',
  ),
  scope: named('scope_name').describe(
    "Make the scope's name a label. `true` calls it `scope_name`; another name may be given.",
  ),
  templates: z
    .record(name, template())
    .default({})
    .describe('Labels made of attributes: `{name: "{k8s.namespace.name}/{container.name|none}"}`.'),
  resource: z
    .array(attribute)
    .prefault(usual)
    .describe(
      'Resource attributes that become labels: names, or `{attribute, label}` for another name. `service.name` becomes `service_name`.',
    ),
  record: z
    .array(attribute)
    .default([])
    .describe('Record attributes that become labels, like `resource`. Choose none that has many values, and no ids.'),
  max_labels: z
    .number()
    .int()
    .positive()
    .default(15)
    .describe(
      'Most labels of a stream. Those beyond it go to structured metadata, the last ones of this list of options first.',
    ),
  max_value_length: z
    .number()
    .int()
    .positive()
    .default(2048)
    .describe('Longest value of a label, in bytes. A longer one goes to structured metadata.'),
});

export type LabelOptions = z.output<typeof labels>;
