import { createRequire } from 'node:module';

interface Snappy {
  compress_raw(input: Uint8Array): Uint8Array;
}

// Of its two builds, the one that loads its own code in Node is CommonJS.
const require = createRequire(import.meta.url);
let loaded: Snappy | undefined;

/** Compresses to a block of Snappy, without framing, as Loki and Prometheus take it. The package is loaded with the first call. */
export function snappy(bytes: Uint8Array): Uint8Array {
  loaded ??= require('snappy-wasm') as Snappy;
  return loaded.compress_raw(bytes);
}
