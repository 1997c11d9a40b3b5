import type { Dispatcher } from 'undici';

/** An answer as it came: of its body no more than was asked for. */
export interface Answer {
  readonly status: number;
  /** Keys in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

/**
 * Sends one request and takes its answer, up to `limit` bytes of its body: then the connection is closed, for the rest is not worth
 * its time. Rejects with what undici says, or with the reason of `signal`.
 */
export function dispatch(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  limit: number,
  signal: AbortSignal,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const exchange = new Exchange(limit, signal, resolve, reject);
  if (signal.aborted) exchange.abort();
  else {
    signal.addEventListener('abort', exchange.abort, { once: true });
    dispatcher.dispatch(options, exchange);
  }
  return promise;
}

const nothing = new Uint8Array(0);

/** Undici's `request` would make streams of the answer, which costs more than all the rest. */
class Exchange implements Dispatcher.DispatchHandler {
  private readonly limit: number;
  private readonly signal: AbortSignal;
  private readonly resolve: (answer: Answer) => void;
  private readonly reject: (reason: unknown) => void;
  private controller: Dispatcher.DispatchController | undefined;
  private status = 0;
  private headers: Answer['headers'] = {};
  private chunks: Uint8Array[] = [];
  private length = 0;

  constructor(
    limit: number,
    signal: AbortSignal,
    resolve: (answer: Answer) => void,
    reject: (reason: unknown) => void,
  ) {
    this.limit = limit;
    this.signal = signal;
    this.resolve = resolve;
    this.reject = reject;
  }

  readonly abort = (): void => {
    this.fail(this.signal.reason);
    this.controller?.abort(this.signal.reason as Error);
  };

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.signal.aborted) controller.abort(this.signal.reason as Error);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Answer['headers']): void {
    // One of an informational kind comes first.
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk.subarray(0, this.limit - this.length));
    this.length += chunk.length;
    if (this.length < this.limit) return;
    this.onResponseEnd();
    controller.abort(new Error('the rest of the answer is not wanted'));
  }

  onResponseEnd(): void {
    const { status, headers, chunks } = this;
    const body = chunks.length > 1 ? Buffer.concat(chunks) : (chunks[0] ?? nothing);
    this.release();
    this.resolve({ status, headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.fail(error);
  }

  private fail(reason: unknown): void {
    this.release();
    this.reject(reason);
  }

  private release(): void {
    this.signal.removeEventListener('abort', this.abort);
    this.chunks = [];
  }
}
