import type { Signal, Batch } from '../../wire/index.ts';
import { logsBatch, metricsBatch, spansBatch } from '../batches.ts';

const makers: Readonly<Record<Signal, (numbers: readonly number[]) => Batch>> = {
  logs: (numbers) => logsBatch(numbers.map((i) => ({ body: `line ${i}`, attributes: { number: BigInt(i) } }))),
  traces: (numbers) => spansBatch(numbers.map((i) => ({ name: `span ${i}`, attributes: { number: BigInt(i) } }))),
  metrics: (numbers) =>
    metricsBatch(numbers.map((i) => ({ name: 'requests', value: i, attributes: { number: BigInt(i) } }))),
};

/** A few batches of a signal, of different sizes. */
export function samples(signal: Signal): readonly Batch[] {
  return [1, 3, 20].map((length) => makers[signal](Array.from({ length }, (_, i) => i)));
}
