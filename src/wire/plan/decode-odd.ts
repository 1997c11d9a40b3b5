import { withBytes, type Batch, type Meta, type Signal } from '../batch.ts';
import { decode } from '../codec/decode.ts';
import { encodeBytes } from '../codec/encode.ts';
import { writeVarint } from '../fields.ts';
import { childrenOf } from '../tree.ts';
import { applySteps } from './interpret.ts';
import type { Odd } from './kernel.ts';
import type { Step } from './step.ts';

/** Applies steps to a whole batch by decoding it. */
export function applyDecoded(
  batch: Batch,
  steps: readonly Step[],
): { readonly batch?: Batch; readonly dropped: number } {
  const tree = decode(batch);
  const { dropped, changed } = applySteps(tree, steps, batch.meta);
  if (!changed) return { batch, dropped };
  const count = batch.count - dropped;
  return count === 0 && dropped > 0 ? { dropped } : { batch: withBytes(batch, encodeBytes(tree), count), dropped };
}

/**
 * Applies steps to one odd message, in a request of its own. Undefined: it stays as it is. Otherwise the field that stands
 * in its place, or no bytes where its records were all dropped.
 */
export function applyToOdd(
  signal: Signal,
  odd: Odd,
  steps: readonly Step[],
  meta: Meta,
): { readonly bytes: Uint8Array; readonly dropped: number } | undefined {
  const bytes = odd.what === 'resource' ? odd.field : request(odd);
  const tree = decode({ signal, bytes });
  const { dropped, changed, recordsChanged } = applySteps(tree, steps, meta);
  if (odd.what === 'resource' ? !changed : !recordsChanged) return undefined;
  const encoded = encodeBytes(tree);
  if (odd.what === 'resource') return { bytes: encoded, dropped };
  for (const resource of childrenOf(encoded, { start: 0, end: encoded.length }, 1)) {
    for (const scope of childrenOf(encoded, resource, 2)) {
      for (const entry of childrenOf(encoded, scope, 2)) {
        return { bytes: field(0x12, encoded.subarray(entry.start, entry.end)), dropped };
      }
    }
  }
  return { bytes: new Uint8Array(0), dropped };
}

/** A request with one entry. */
function request(odd: Odd): Uint8Array {
  const scope = field(0x12, field(0x0a, odd.scope), odd.field);
  return field(0x0a, field(0x0a, odd.resource), scope);
}

function field(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const head = new Uint8Array(8);
  head[0] = tag;
  return Buffer.concat([head.subarray(0, writeVarint(head, 1, size)), ...parts]);
}
