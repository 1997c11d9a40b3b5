import type { Batch, Meta, Signal } from './batch.ts';
import { checkStructure } from './check.ts';
import { repairUtf8 } from './codec/repair.ts';

/**
 * A request as it came from outside, as a batch that later code may trust. Throws MalformedError where the bytes are no
 * well-formed request. Text that is not UTF-8 has its bad bytes replaced by U+FFFD: a destination would otherwise refuse
 * the whole request for it. `bytes` must not change afterwards.
 */
export function receive<S extends Signal>(signal: S, bytes: Uint8Array, meta: Meta): Batch<S> {
  const { count, invalidUtf8 } = checkStructure(signal, bytes);
  return { signal, bytes: invalidUtf8 < 0 ? bytes : repairUtf8(signal, bytes), count, meta };
}
