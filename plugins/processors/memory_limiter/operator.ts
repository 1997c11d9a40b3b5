import { filter, finalize, Observable } from 'rxjs';
import { RetryableError, type Context, type Delivery, type Signal, type Timer } from 'sluice/plugin';
import { limitsOf, type Config } from './config.ts';
import { Limiter } from './limiter.ts';
import type { Memory } from './memory.ts';

const recordNames: Readonly<Record<Signal, string>> = {
  logs: 'log_records',
  traces: 'spans',
  metrics: 'metric_points',
};

/** Lets deliveries through while memory is within limits, and asks senders to come back later while it is not. */
export function limit(
  deliveries: Observable<Delivery>,
  config: Config,
  context: Context,
  memory: Memory,
): Observable<Delivery> {
  return new Observable((subscriber) => {
    const limiter = new Limiter(config, limitsOf(config, memory.total()), {
      memory,
      clock: context.clock,
      logger: context.logger,
    });
    const count = counters(context);
    const stop = repeatedly(() => limiter.check(), config.check_interval, context);
    const admitted = (delivery: Delivery): boolean => {
      count(limiter.refusing ? 'refused' : 'accepted', delivery);
      if (limiter.refusing)
        delivery.fail(
          new RetryableError('data refused due to high memory usage', { retryAfterMs: config.check_interval }),
        );
      return !limiter.refusing;
    };
    return deliveries.pipe(filter(admitted), finalize(stop)).subscribe(subscriber);
  });
}

/** Runs a task now and an interval after its end, until the returned function is called. */
function repeatedly(task: () => Promise<void>, intervalMs: number, { clock, logger }: Context): () => void {
  let timer: Timer | undefined;
  let stopped = false;
  const run = async (): Promise<void> => {
    await task().catch((error: unknown) => logger.error({ err: error }, 'could not measure memory'));
    if (!stopped) timer = clock.after(intervalMs, () => void run());
  };
  void run();
  return () => {
    stopped = true;
    timer?.cancel();
  };
}

function counters({ metrics }: Context): (what: 'accepted' | 'refused', delivery: Delivery) => void {
  const make = (what: string, signal: Signal) =>
    metrics.counter(`processor_${what}_${recordNames[signal]}`, {
      description: `Records that the memory limiter ${what}.`,
      unit: '{records}',
    });
  const all = {
    accepted: {
      logs: make('accepted', 'logs'),
      traces: make('accepted', 'traces'),
      metrics: make('accepted', 'metrics'),
    },
    refused: { logs: make('refused', 'logs'), traces: make('refused', 'traces'), metrics: make('refused', 'metrics') },
  };
  return (what, { batch }) => all[what][batch.signal].add(batch.count);
}
