import type { Outcome } from '../../flow/delivery.ts';
import { RetryableError, type Delivery } from '../../flow/index.ts';
import type { Batch } from '../../wire/index.ts';
import { settledWithin } from '../settled.ts';
import type { Stream } from '../stream.ts';
import type { Check } from './types.ts';

/** Opens what is checked; `onOut` takes what comes out of it. */
export type Open = (onOut: (delivery: Delivery) => void) => Stream<unknown>;

const longTimeMs = 10 * 60_000;

/** Checks of anything that takes deliveries in and lets deliveries out: each has to come out, or to be settled. */
export function streamChecks(open: Open, batches: readonly Batch[]): readonly Check[] {
  const push = (stream: Stream<unknown>): Promise<Outcome>[] => batches.map((batch) => stream.push(batch));
  return [
    {
      name: 'every delivery is settled when the input ends',
      async run() {
        const stream = open((delivery) => delivery.ack());
        const outcomes = push(stream);
        await settledWithin([stream.complete()], 'ended after its input');
        await settledWithin(outcomes, 'settled when the input ended');
      },
    },
    {
      name: 'every delivery is settled while the input goes on, without further data',
      async run() {
        const stream = open((delivery) => delivery.ack());
        const outcomes = push(stream);
        await stream.context.clock.advance(longTimeMs);
        await settledWithin(outcomes, 'settled after ten minutes');
        await stream.complete();
      },
    },
    {
      name: 'every delivery is settled when the input ends with an error',
      async run() {
        const stream = open((delivery) => delivery.ack());
        const outcomes = push(stream);
        await settledWithin([stream.fail(new Error('the input broke'))], 'ended after its input');
        await settledWithin(outcomes, 'settled when the input broke');
      },
    },
    {
      name: 'what fails further down fails for its sender',
      async run() {
        const held: Delivery[] = [];
        const stream = open((delivery) => held.push(delivery));
        const outcomes = push(stream);
        await settledWithin([stream.complete()], 'ended after its input');
        for (const delivery of held) delivery.fail(new RetryableError('the destination is away'));
        const results = await settledWithin(outcomes, 'settled when the destination refused');
        nothingAcknowledgedInVain(batches, held, results);
      },
    },
  ];
}

/** Records may be dropped, and their senders have an OK for that; those that came out were refused, and have none. */
function nothingAcknowledgedInVain(
  batches: readonly Batch[],
  held: readonly Delivery[],
  results: readonly Outcome[],
): void {
  const [first] = batches;
  // Data of another kind cannot be compared with what went in.
  if (held.some(({ batch }) => batch.signal !== first?.signal)) return;
  const total = sum(batches.map(({ count }) => count));
  const refused = sum(held.map(({ batch }) => batch.count));
  const acknowledged = sum(batches.map(({ count }, i) => (results[i]?.ok === true ? count : 0)));
  if (acknowledged > Math.max(0, total - refused)) {
    throw new Error(
      `of ${total} records ${refused} were refused by the destination, and ${acknowledged} were acknowledged`,
    );
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
