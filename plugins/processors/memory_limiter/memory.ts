import { Session } from 'node:inspector/promises';
import { totalmem } from 'node:os';

/** The memory of a process, as the limiter sees it. */
export interface Memory {
  /** What the process may use at most: the container's limit, or the machine's memory. In bytes. */
  total(): number;
  /** What JavaScript and its buffers hold, garbage that is not collected yet included. In bytes. */
  used(): number;
  /** Resolves when garbage is collected. The process does nothing else meanwhile. */
  collect(): Promise<void>;
}

/**
 * This process. The resident set is no measure here: it does not shrink when memory becomes free, so what went beyond the
 * limit once would be refused for ever.
 */
export const processMemory: Memory = {
  total() {
    const constrained = process.constrainedMemory();
    return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  },
  used() {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  },
  async collect() {
    // Node has `gc` only under --expose-gc; the inspector can do the same without it.
    if (globalThis.gc !== undefined) {
      globalThis.gc();
      return;
    }
    const session = new Session();
    session.connect();
    try {
      await session.post('HeapProfiler.collectGarbage');
    } finally {
      session.disconnect();
    }
  },
};
