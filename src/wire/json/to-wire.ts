import type { Signal } from '../batch.ts';
import { maxDepth } from '../structure.ts';
import { kernelToWire } from './kernel.ts';
import { walkToWire } from './walk.ts';

export interface JsonLimits {
  /** How deep messages (and the arrays and objects of unknown members) may stand inside each other, the request included. */
  readonly maxDepth?: number;
}

/**
 * OTLP/JSON (UTF-8) to an encoded request, in one pass. `count` is log records, spans or data points.
 *
 * Integers are exact, as strings or as numbers; ids are hex of either case; enums are numbers or names; unknown members are
 * checked and left out; a `null` member is absent, a `null` element is an empty message. Of a member that comes twice, a
 * scalar's last value wins, repeated values add up, and messages merge, as protobuf has it. Lone surrogates and ill-formed UTF-8 become
 * U+FFFD. Fields are written in the order met, values that proto3 leaves out are left out, lengths are minimal.
 * Throws MalformedError with the offset into `json`.
 */
export function jsonToWire(
  signal: Signal,
  json: Uint8Array,
  limits: JsonLimits = {},
): { bytes: Uint8Array; count: number } {
  const depth = limits.maxDepth ?? maxDepth;
  return kernelToWire(signal, json, depth) ?? walkToWire(signal, json, depth);
}
