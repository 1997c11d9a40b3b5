import type { HttpServerConfig } from '../../../plugin/index.ts';
import { headersTimeout } from '../limits.ts';

/** What one connection may cost. Times are milliseconds; 0 is unbounded where that is said. */
export interface Limits {
  /** From the first byte to the end of a head; 0 unbounded. */
  readonly headTime: number;
  /** From the first byte to the end of the body; 0 unbounded. */
  readonly wholeTime: number;
  /** From the head to the answer; 0 unbounded. */
  readonly writeTime: number;
  /** Between two requests; 0 unbounded. */
  readonly idleTime: number;
  /** For the rest of a refused body. */
  readonly discardTime: number;
  /** For the peer to end its side, too. */
  readonly closeGrace: number;
  /** Longest time in which a peer takes nothing of its answer. */
  readonly writeStall: number;
  /** Bytes of answers that may wait for a peer before its next request is looked at. */
  readonly maxOutputBytes: number;
  /** How often connections are looked over: the precision of all times above. */
  readonly sweepInterval: number;
}

export function limitsOf(config: HttpServerConfig): Limits {
  const headTime = headersTimeout(config);
  const { read_timeout: wholeTime, write_timeout: writeTime, idle_timeout: idleTime } = config;
  const shortest = Math.min(...[headTime, wholeTime, writeTime, idleTime].filter((ms) => ms > 0), 2000);
  return {
    headTime,
    wholeTime,
    writeTime,
    idleTime,
    discardTime: 5000,
    closeGrace: 1000,
    writeStall: 60_000,
    maxOutputBytes: 256 * 1024,
    sweepInterval: Math.max(20, shortest / 4),
  };
}
