import { Subject, type Observable } from 'rxjs';
import type { Outcome } from '../flow/delivery.ts';
import type { Delivery } from '../flow/index.ts';
import type { Batch } from '../wire/index.ts';
import type { TestContext } from './context.ts';
import { testDelivery } from './delivery.ts';

/** Deliveries on their way through a processor or connector, held in the hands of a test. */
export interface Stream<T> {
  readonly context: TestContext;
  /** What came out so far. */
  readonly out: readonly T[];
  /** Sends a batch in; the promise is how its delivery was settled in the end. */
  readonly push: (batch: Batch, options?: { readonly deadline?: number }) => Promise<Outcome>;
  /** Ends the input, and resolves when the output has ended; rejects with the error that ended it. */
  readonly complete: () => Promise<void>;
  /** Ends the input with an error, and resolves when the output has ended in whatever way. */
  readonly fail: (error: Error) => Promise<void>;
}

/** Runs an operator over deliveries. `onOut` is what comes after it: the next component, or a destination. */
export function openStream<T>(
  operator: (deliveries: Observable<Delivery>) => Observable<T>,
  context: TestContext,
  onOut: (value: T) => void,
): Stream<T> {
  const input = new Subject<Delivery>();
  const out: T[] = [];
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  // A test that never ends the stream has no use for the error.
  const over = Promise.allSettled([ended]);
  operator(input).subscribe({
    next(value) {
      out.push(value);
      onOut(value);
    },
    error: reject,
    complete: resolve,
  });
  return {
    context,
    out,
    push(batch, options) {
      const { delivery, outcome } = testDelivery(batch, options);
      input.next(delivery);
      return outcome;
    },
    complete() {
      input.complete();
      return ended;
    },
    async fail(error) {
      input.error(error);
      await over;
    },
  };
}
