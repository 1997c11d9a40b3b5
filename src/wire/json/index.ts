import type { Batch, Meta, Signal } from '../batch.ts';
import { jsonToWire } from './to-wire.ts';

export { jsonToWire, type JsonLimits } from './to-wire.ts';
export { wireToJson } from './to-json.ts';

/** The batch of an OTLP/JSON request. Throws MalformedError, as `jsonToWire` does. */
export function batchFromJson<S extends Signal>(signal: S, json: Uint8Array, meta: Meta): Batch<S> {
  return { signal, ...jsonToWire(signal, json), meta };
}
