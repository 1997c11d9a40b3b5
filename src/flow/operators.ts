import { filter, groupBy, mergeMap, Observable, type MonoTypeOperatorFunction, type OperatorFunction } from 'rxjs';
import { Batcher, type BatcherOptions } from './batcher.ts';
import { systemClock } from './clock.ts';
import type { Delivery } from './delivery.ts';
import { RetryableError } from './errors.ts';

export interface BufferOptions extends Partial<BatcherOptions> {
  /** Only deliveries of the same key share a batch; without it, all of one signal do. */
  readonly key?: (delivery: Delivery) => string;
}

/**
 * Merges deliveries into larger ones. The duty of each goes along: a batch made of five requests settles all five.
 * Defaults: 8192 items, no largest size, 200 ms, and at most 1 s while a sender waits.
 */
export function bufferBy(options: BufferOptions): MonoTypeOperatorFunction<Delivery> {
  const { key, ...given } = options;
  const limits: BatcherOptions = {
    minSize: 8192,
    maxSize: 0,
    sizer: 'items',
    flushMs: 200,
    maxWaitMs: 1000,
    clock: systemClock,
    ...given,
  };
  return (source) =>
    new Observable((subscriber) => {
      const batchers = new Map<string, Batcher>();
      const flushAll = (): void => {
        for (const batcher of batchers.values()) batcher.flush();
      };
      const subscription = source.subscribe({
        next(delivery) {
          const group = `${delivery.batch.signal}/${key?.(delivery) ?? ''}`;
          let batcher = batchers.get(group);
          if (batcher === undefined) {
            batcher = new Batcher(limits, (merged) => subscriber.next(merged));
            batchers.set(group, batcher);
          }
          batcher.add(delivery);
        },
        error(error) {
          flushAll();
          subscriber.error(error);
        },
        complete() {
          flushAll();
          subscriber.complete();
        },
      });
      return () => {
        subscription.unsubscribe();
        for (const batcher of batchers.values()) batcher.refuse(new RetryableError('the pipeline was stopped'));
      };
    });
}

/** Lets through what the predicate keeps, and settles the rest as dropped on purpose; count it with `context.dropped`. */
export function keep(predicate: (delivery: Delivery) => boolean): MonoTypeOperatorFunction<Delivery> {
  return filter((delivery) => {
    const kept = predicate(delivery);
    if (!kept) delivery.ack();
    return kept;
  });
}

/** Sends each delivery through one of several operators, by key, and merges what comes out. A branch is made on first use. */
export function partition<T>(
  keyOf: (delivery: Delivery) => string,
  branch: (key: string) => OperatorFunction<Delivery, T>,
): OperatorFunction<Delivery, T> {
  return (source) =>
    source.pipe(
      groupBy(keyOf),
      mergeMap((group) => group.pipe(branch(group.key))),
    );
}
