import { systemClock } from '../../flow/clock.ts';
import { nodeFileSystem } from './node-fs.ts';
import type { QueueOptions } from './queue.ts';

/** Options with their defaults. */
export type Settings = Required<Omit<QueueOptions, 'maxAgeMs'>> & { readonly maxAgeMs: number };

const mebibyte = 1024 * 1024;

export function withDefaults(options: QueueOptions): Settings {
  return {
    fs: nodeFileSystem,
    clock: systemClock,
    events: {},
    limits: {},
    maxAgeMs: Number.POSITIVE_INFINITY,
    segmentBytes: 64 * mebibyte,
    maxRecordBytes: 128 * mebibyte,
    memoryBytes: 8 * mebibyte,
    readBytes: mebibyte / 4,
    maxOutstanding: 16_384,
    persistMs: 500,
    quarantineBytes: 256 * mebibyte,
    ...options,
  };
}
