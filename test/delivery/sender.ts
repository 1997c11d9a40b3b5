import { Pool } from 'undici';
import type { Oracle } from './oracle.ts';
import { requestOf } from './records.ts';

/** What a sender heard. Status 0 is no answer at all. */
export interface Heard {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly ms: number;
}

const headers = { 'content-type': 'application/x-protobuf' };

/** A client of the receiver under test. It keeps the books of what it was told, and never sends a record twice. */
export class Sender {
  private readonly oracle: Oracle;
  private readonly pool: Pool;

  constructor(oracle: Oracle, port: number, connections = 16) {
    this.oracle = oracle;
    this.pool = new Pool(`http://127.0.0.1:${port}`, { connections, headersTimeout: 60_000, bodyTimeout: 60_000 });
  }

  /** Sends one request of `count` new records. */
  async send(count: number, size?: number): Promise<Heard & { readonly ids: readonly number[] }> {
    const ids = this.oracle.take(count);
    const since = performance.now();
    const heard = await this.post(requestOf(ids, size));
    if (heard.status === 200) this.oracle.acked(ids);
    return { ...heard, ids, ms: performance.now() - since };
  }

  /** Keeps `workers` requests under way until the signal aborts. Resolves with how often each status was heard. */
  async press(options: {
    readonly signal: AbortSignal;
    readonly workers: number;
    readonly count: number;
    readonly size?: number;
    /** Milliseconds to wait after anything but an OK; 5 where it is left out. */
    readonly pause?: number;
  }): Promise<Map<number, number>> {
    const { signal, workers, count, size, pause = 5 } = options;
    const statuses = new Map<number, number>();
    const work = async (): Promise<void> => {
      while (!signal.aborted) {
        const { status } = await this.send(count, size);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status !== 200) await new Promise((resolve) => setTimeout(resolve, pause));
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
    return statuses;
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async post(body: Buffer): Promise<{ status: number; retryAfter: string | undefined }> {
    try {
      const answer = await this.pool.request({ method: 'POST', path: '/v1/logs', headers, body });
      await answer.body.dump();
      return { status: answer.statusCode, retryAfter: answer.headers['retry-after']?.toString() };
    } catch {
      return { status: 0, retryAfter: undefined };
    }
  }
}
