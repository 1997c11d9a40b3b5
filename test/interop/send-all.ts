import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Oracle } from '../delivery/oracle.ts';
import { requestOf } from '../delivery/records.ts';

export interface Load {
  /** Records from 0 on. */
  readonly total: number;
  readonly perRequest: number;
  readonly workers: number;
  /** The body of a request; records as the proof of delivery has them where it is left out. */
  readonly requestOf?: (ids: readonly number[]) => Buffer;
  /** Told of each request that was taken. */
  readonly taken?: (count: number) => void;
}

/**
 * Posts logs to a receiver on this machine, each request until it is taken, and keeps the books. Resolves with how many requests
 * were posted again: what a receiver did not take in time may arrive all the same.
 */
export async function sendAll(oracle: Oracle, port: number, load: Load): Promise<number> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: load.workers });
  try {
    const again = await Promise.all(Array.from({ length: load.workers }, () => work(oracle, pool, load)));
    return again.reduce((sum, one) => sum + one, 0);
  } finally {
    await pool.destroy();
  }
}

async function work(oracle: Oracle, pool: Pool, load: Load): Promise<number> {
  for (let again = 0; ;) {
    const ids = oracle.take(load.perRequest).filter((id) => id < load.total);
    if (ids.length === 0) return again;
    const body = (load.requestOf ?? requestOf)(ids);
    for (;;) {
      const headers = { 'content-type': 'application/x-protobuf' };
      const answer = await pool.request({ method: 'POST', path: '/v1/logs', headers, body });
      await answer.body.dump();
      if (answer.statusCode === 200) break;
      again++;
      await wait(50);
    }
    oracle.acked(ids);
    load.taken?.(ids.length);
  }
}
