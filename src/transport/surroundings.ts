import type { Clock } from '../flow/index.ts';
import type { Logger } from '../plugin/index.ts';
import type { InflightBytes } from './inflight.ts';

/** What servers and clients are given by whoever made the transport. */
export interface Surroundings {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Bytes of requests that are held at the moment, over all servers. */
  readonly inflight: InflightBytes;
}
