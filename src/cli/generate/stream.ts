import { sleep, systemClock } from '../../flow/index.ts';
import type { Signal } from '../../wire/index.ts';
import { encode } from './encode.ts';
import type { GenerateOptions } from './options.ts';
import { Tray } from './recorder.ts';
import { createSender, type Sender } from './sender.ts';
import { Shop } from './shop.ts';

/** How much of a signal got through. */
export interface Tally {
  sent: number;
  failed: number;
}

export interface Report {
  readonly tallies: Readonly<Record<Signal, Tally>>;
  /** What the endpoint said the last time that it refused. */
  readonly lastError: string | undefined;
}

const flushEveryMs = 250;
const metricsEveryMs = 2000;
/** More records than this are sent at once, and the shop waits for it: a slow endpoint slows the shop. */
const mostWaiting = 2000;

/** Opens the shop, and sends what it records until the duration is over or `signal` aborts. */
export async function stream(
  options: GenerateOptions & { readonly endpoint: string },
  signal: AbortSignal,
): Promise<Report> {
  const tray = new Tray();
  const shop = new Shop(tray);
  const outbox = new Outbox(tray, createSender(options.protocol, options.endpoint), options.signals);
  const startMs = Date.now();
  const endMs = startMs + (options.duration ?? Infinity) * 1000;
  let visits = 0;
  let flushedAt = startMs;
  let collectedAt = startMs;
  while (!signal.aborted && Date.now() < endMs) {
    const due = Math.floor(((Date.now() - startMs) / 1000) * options.rate) - visits;
    for (let i = 0; i < due && tray.size < mostWaiting; i += 1, visits += 1) shop.visit(Date.now());
    const now = Date.now();
    if (now - flushedAt >= flushEveryMs || tray.size >= mostWaiting) {
      await outbox.flush();
      flushedAt = now;
    }
    if (now - collectedAt >= metricsEveryMs) {
      await outbox.flushMetrics();
      collectedAt = now;
    }
    await sleep(systemClock, Math.max(1, Math.min(50, endMs - Date.now())), signal).catch(() => {});
  }
  await outbox.flush();
  await outbox.flushMetrics();
  await outbox.close();
  return outbox;
}

class Outbox implements Report {
  readonly tallies: Record<Signal, Tally> = {
    logs: { sent: 0, failed: 0 },
    traces: { sent: 0, failed: 0 },
    metrics: { sent: 0, failed: 0 },
  };
  lastError: string | undefined;
  readonly #tray: Tray;
  readonly #sender: Sender;
  readonly #signals: readonly Signal[];

  constructor(tray: Tray, sender: Sender, signals: readonly Signal[]) {
    this.#tray = tray;
    this.#sender = sender;
    this.#signals = signals;
  }

  async flush(): Promise<void> {
    const spans = this.#tray.takeSpans();
    const logs = this.#tray.takeLogs();
    const { encoding } = this.#sender;
    await Promise.all([
      this.#send('traces', spans.length, () => encode(encoding).traces(spans)),
      this.#send('logs', logs.length, () => encode(encoding).logs(logs)),
    ]);
  }

  async flushMetrics(): Promise<void> {
    for (const metrics of await this.#tray.collectMetrics()) {
      const points = metrics.scopeMetrics
        .flatMap((scope) => scope.metrics)
        .reduce((sum, metric) => sum + metric.dataPoints.length, 0);
      await this.#send('metrics', points, () => encode(this.#sender.encoding).metrics(metrics));
    }
  }

  close(): Promise<void> {
    return this.#sender.close();
  }

  async #send(signal: Signal, count: number, request: () => Uint8Array): Promise<void> {
    if (count === 0 || !this.#signals.includes(signal)) return;
    try {
      await this.#sender.send(signal, request());
      this.tallies[signal].sent += count;
    } catch (error) {
      this.tallies[signal].failed += count;
      this.lastError = error instanceof Error ? error.message : String(error);
    }
  }
}
