import type { PushOptions } from '../config.ts';
import type { Varying } from '../labels/resolver.ts';

/** A bit for each, in this order: kernel/options.as knows the same. */
const wanted = [
  'resource',
  'scope',
  'record',
  'trace',
  'severity',
  'flags',
  'event_name',
  'observed_timestamp',
] as const;
const more = ['scopeIsLabel', 'level', 'second', 'dropLong', 'lines'] as const;

const unbounded = 0xffffffff;

/** The arguments of the kernel's `configure`. */
export function kernelOptions(
  { format, labels, limits, metadata }: PushOptions,
  { level, second }: Varying,
): [options: number, line: number, pairs: number, pairBytes: number] {
  const others = {
    scopeIsLabel: labels.scope !== undefined,
    level,
    second,
    dropLong: limits.on_long_line === 'drop',
    lines: format !== 'raw',
  };
  const bits = [...wanted.map((name) => metadata[name]), ...more.map((name) => others[name])];
  return [
    bits.reduce((sum, bit, i) => sum + Number(bit) * 2 ** i, 0),
    limitOf(limits.max_line_size),
    limitOf(limits.max_structured_metadata_entries),
    limitOf(limits.max_structured_metadata_size),
  ];
}

function limitOf(limit: number): number {
  return Math.min(limit || unbounded, unbounded);
}
