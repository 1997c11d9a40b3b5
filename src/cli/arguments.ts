import { InvalidArgumentError } from 'commander';
import type { Signal } from '../wire/index.ts';

const all: readonly Signal[] = ['logs', 'traces', 'metrics'];

/** Gathers an option that is given several times. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/** A number above 0. Throws commander's error where the text is none. */
export function positive(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number <= 0)
    throw new InvalidArgumentError('It must be a number above 0.');
  return number;
}

/** `logs,traces` as a list. Throws commander's error where one is no signal. */
export function signalList(text: string): readonly Signal[] {
  const names = text.split(',').map((name) => name.trim());
  const signals = all.filter((signal) => names.includes(signal));
  const odd = names.find((name) => !all.some((signal) => signal === name));
  if (odd !== undefined) throw new InvalidArgumentError(`"${odd}" is none of logs, traces, metrics.`);
  return signals;
}
