import { duration, z } from 'sluice/plugin';

const percentage = z.number().int().nonnegative();

export const config = z
  .strictObject({
    check_interval: duration().default(0).describe('How often memory is measured; has to be set, 1s is a good value.'),
    limit_mib: z
      .number()
      .int()
      .nonnegative()
      .default(0)
      .describe('Hard limit for the memory in use, in MiB. It goes before `limit_percentage`.'),
    spike_limit_mib: z
      .number()
      .int()
      .nonnegative()
      .default(0)
      .describe('How far below the hard limit data begins to be refused, in MiB; 0 is a fifth of the limit.'),
    limit_percentage: percentage
      .default(0)
      .describe('Hard limit as a percentage of the memory of the container or machine.'),
    spike_limit_percentage: percentage
      .default(0)
      .describe('As `spike_limit_mib`, as a percentage of the same memory; 0 is a fifth of the limit.'),
    min_gc_interval_when_soft_limited: duration()
      .default(10_000)
      .describe('Shortest time between two collections of garbage while data is refused.'),
    min_gc_interval_when_hard_limited: duration().default(0).describe('The same, beyond the hard limit.'),
    max_gc_interval_when_soft_limited: duration()
      .default(30_000)
      .describe('To this the time between collections grows while they do not help enough.'),
    max_gc_interval_when_hard_limited: duration().default(30_000).describe('The same, beyond the hard limit.'),
  })
  .superRefine((value, context) => {
    const refuse = (path: keyof typeof value, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message, input: value });
    if (value.check_interval === 0) refuse('check_interval', "'check_interval' must be greater than zero");
    if (value.min_gc_interval_when_soft_limited < value.min_gc_interval_when_hard_limited) {
      refuse(
        'min_gc_interval_when_soft_limited',
        "'min_gc_interval_when_soft_limited' should be larger than 'min_gc_interval_when_hard_limited'",
      );
    }
    if (value.limit_mib === 0 && value.limit_percentage === 0) {
      refuse('limit_mib', "'limit_mib' or 'limit_percentage' must be greater than zero");
    }
    if (value.limit_percentage > 100 || value.spike_limit_percentage > 100) {
      refuse(
        'limit_percentage',
        "'limit_percentage' and 'spike_limit_percentage' must be greater than zero and less than or equal to hundred",
      );
    }
    if (value.limit_mib > 0 && value.limit_mib <= value.spike_limit_mib) {
      refuse('spike_limit_mib', "'spike_limit_mib' must be smaller than 'limit_mib'");
    }
    if (value.limit_percentage > 0 && value.limit_percentage <= value.spike_limit_percentage) {
      refuse('spike_limit_percentage', "'spike_limit_percentage' must be smaller than 'limit_percentage'");
    }
  });

export type Config = z.output<typeof config>;

/** In bytes. */
export interface Limits {
  /** From here on data is refused. */
  readonly soft: number;
  readonly hard: number;
}

const MiB = 1024 * 1024;

/** The limits of a configuration on a machine with this much memory. */
export function limitsOf(config: Config, totalBytes: number): Limits {
  const fixed = config.limit_mib > 0;
  const hard = fixed ? config.limit_mib * MiB : Math.floor((totalBytes * config.limit_percentage) / 100);
  const spike = fixed ? config.spike_limit_mib * MiB : Math.floor((totalBytes * config.spike_limit_percentage) / 100);
  return { hard, soft: hard - (spike || Math.floor(hard / 5)) };
}
