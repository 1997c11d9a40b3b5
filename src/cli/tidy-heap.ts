import { garbageCollector } from '../wire/index.ts';

/** Long enough for the first senders to have come, short enough for whoever looks at the memory of a service. */
const afterMs = 2000;

/**
 * Gives back what the start has used, once: checking a configuration grows the heap by some 10 MB, and V8 keeps them for as
 * long as nothing asks for memory. It takes about 50 ms.
 */
export function tidyHeapSoon(): void {
  setTimeout(() => {
    garbageCollector()({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }, afterMs).unref();
}
