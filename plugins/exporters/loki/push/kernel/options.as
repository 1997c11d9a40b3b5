import { limitPairs } from './pairs';

// What goes to structured metadata, in the order of `wanted` in push/kernel-options.ts, and what else may be wanted.
export const RESOURCE: u32 = 1;
export const SCOPE: u32 = 2;
export const RECORD: u32 = 4;
export const TRACE: u32 = 8;
export const SEVERITY: u32 = 16;
export const FLAGS: u32 = 32;
export const EVENT_NAME: u32 = 64;
export const OBSERVED_TIMESTAMP: u32 = 128;
// The name of the scope is a label.
export const SCOPE_LABEL: u32 = 256;
// Labels vary with the level, or the second, of the record.
export const LEVEL: u32 = 512;
export const SECOND: u32 = 1024;
// Records with lines that are too long are dropped.
export const DROP_LONG: u32 = 2048;
// Lines are written by TypeScript.
export const LINES: u32 = 4096;

let wanted: u32 = 0;
export let mostLine: usize = 0;

// Limits are the largest number where there is none.
export function configure(options: u32, line: u32, pairs: u32, pairBytes: u32): void {
  wanted = options;
  mostLine = line;
  limitPairs(pairs, pairBytes);
}

// @ts-ignore: decorator
@inline
export function wants(option: u32): bool {
  return (wanted & option) != 0;
}
