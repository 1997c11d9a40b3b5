import { RequestError, type Answer, type Request } from './client-connection.ts';
import { Pool, type PoolOptions } from './pool.ts';

export interface ClientOptions extends PoolOptions {
  /** Requests wait for a connection instead of failing when none can be made. */
  readonly waitForReady: boolean;
}

interface Waiting {
  readonly request: Request;
  readonly settle: (outcome: Answer | RequestError) => void;
  attempts: number;
  /** Gives the request up where it was sent. */
  cancel: (() => void) | undefined;
}

/** Tries of a request that the server promised not to have processed. */
const maxAttempts = 3;

/** Requests to one destination, over as many connections as its addresses ask for. Connects when it is needed. */
export class Client {
  private readonly waitForReady: boolean;
  private readonly pool: Pool;
  private readonly queue = new Set<Waiting>();
  private retry: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(options: ClientOptions) {
    this.waitForReady = options.waitForReady;
    this.pool = new Pool(options, {
      onRoom: () => this.drain(),
      onFailure: (error, retryAfterMs) => this.unreachable(error, retryAfterMs),
    });
  }

  /**
   * Resolves to the server's answer, whatever its status. Rejects with RequestError, or with the signal's reason when that
   * aborts: the server is told then. What the server promised not to have processed is sent again.
   */
  request(request: Request, signal?: AbortSignal): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    const waiting: Waiting = { request, settle, attempts: 0, cancel: undefined };
    signal?.addEventListener('abort', abort, { once: true });
    const { queue } = this;
    function settle(outcome: Answer | RequestError): void {
      signal?.removeEventListener('abort', abort);
      if (outcome instanceof RequestError) reject(outcome);
      else resolve(outcome);
    }
    function abort(): void {
      queue.delete(waiting);
      waiting.cancel?.();
      reject(signal?.reason);
    }
    this.place(waiting);
    return promise;
  }

  private place(waiting: Waiting): void {
    if (this.closed) {
      waiting.settle(new RequestError('unprocessed', 'the client is closed'));
      return;
    }
    const connection = this.pool.pick();
    if (connection === undefined) {
      this.queue.add(waiting);
      this.pool.connect();
      return;
    }
    waiting.attempts++;
    waiting.cancel = connection.request(waiting.request, (outcome) => this.finished(waiting, outcome));
  }

  private finished(waiting: Waiting, outcome: Answer | RequestError): void {
    waiting.cancel = undefined;
    const again = outcome instanceof RequestError && outcome.kind === 'unprocessed' && waiting.attempts < maxAttempts;
    if (again) this.place(waiting);
    else waiting.settle(outcome);
  }

  private drain(): void {
    for (const waiting of this.queue) {
      const connection = this.pool.pick();
      if (connection === undefined) {
        this.pool.connect();
        return;
      }
      this.queue.delete(waiting);
      waiting.attempts++;
      waiting.cancel = connection.request(waiting.request, (outcome) => this.finished(waiting, outcome));
    }
  }

  private unreachable(error: Error, retryAfterMs: number): void {
    if (!this.waitForReady || this.closed) {
      const waiting = [...this.queue];
      this.queue.clear();
      for (const { settle } of waiting) settle(new RequestError('lost', error.message));
      return;
    }
    this.retry ??= setTimeout(() => {
      this.retry = undefined;
      if (this.queue.size > 0) this.pool.connect();
    }, retryAfterMs);
  }

  /** Lets open requests end until `deadline`, in milliseconds since the epoch; then they fail. */
  async close(deadline = Date.now() + 1000): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    this.unreachable(new Error('the client is closed'), 0);
    await this.pool.close(deadline);
  }
}
