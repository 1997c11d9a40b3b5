import type { Clock } from 'sluice/plugin';
import { streamText } from './stream-text.ts';

/** A label that a record would have. */
export interface Candidate {
  readonly name: string;
  readonly value: string;
  /** Its value comes from the configuration: it always stays a label. */
  readonly fixed: boolean;
}

/** A combination of labels. */
export interface Stream {
  /** `{job="a", level="info"}`. */
  readonly text: string;
  /** Names and values in turn. */
  readonly labels: readonly string[];
  lastUsed: number;
}

export type Demotion = 'too_many_values' | 'too_many_combinations' | 'too_many_labels' | 'value_too_long';

export interface Admitted {
  readonly stream: Stream;
  /** What goes to structured metadata instead. */
  readonly demoted: readonly (Candidate & { readonly reason: Demotion })[];
}

export interface GuardOptions {
  readonly max_combinations: number;
  readonly max_values: number;
  readonly max_labels: number;
  readonly max_value_length: number;
  /** Streams without records for this long, in milliseconds, make room for others. */
  readonly forget_after: number;
}

/** Loki wants at least one label, and calls it this itself where it finds none. */
const nameless: Candidate = { name: 'service_name', value: 'unknown_service', fixed: true };

/** While there is no room, streams out of use are looked for this often. */
const sweepEveryMs = 60_000;

/** Keeps the number of streams within bounds, whatever the values of labels are. */
export class Guard {
  private readonly options: GuardOptions;
  private readonly clock: Clock;
  private readonly streams = new Map<string, Stream>();
  private readonly values = new Map<string, Set<string>>();
  private nextSweep = 0;
  /** Counts the times at which streams were forgotten. */
  generation = 0;

  constructor(options: GuardOptions, clock: Clock) {
    this.options = options;
    this.clock = clock;
  }

  /** Streams that are known. */
  get size(): number {
    return this.streams.size;
  }

  /** A stream has a record. */
  use(stream: Stream): void {
    stream.lastUsed = this.clock.now();
  }

  /** The stream for these labels, of which a later one of the same name never takes part. */
  admit(candidates: readonly Candidate[]): Admitted {
    const demoted: Admitted['demoted'][number][] = [];
    const kept: Candidate[] = [];
    for (const candidate of candidates) {
      const reason = this.fault(candidate, kept.length);
      if (reason === undefined) kept.push(candidate);
      else demoted.push({ ...candidate, reason });
    }
    for (;;) {
      const stream = this.known(kept) ?? this.added(kept);
      if (stream !== undefined) return { stream, demoted };
      const [most] = kept.filter(({ fixed }) => !fixed).toSorted((a, b) => this.count(b.name) - this.count(a.name));
      // Only fixed labels are left: that is one stream more, and no further one can follow.
      if (most === undefined) return { stream: this.add(kept), demoted };
      kept.splice(kept.indexOf(most), 1);
      demoted.push({ ...most, reason: 'too_many_combinations' });
    }
  }

  private fault({ name, value, fixed }: Candidate, before: number): Demotion | undefined {
    const { max_labels, max_value_length, max_values } = this.options;
    if (fixed) return undefined;
    if (before >= max_labels) return 'too_many_labels';
    if (value.length * 3 > max_value_length && Buffer.byteLength(value) > max_value_length) return 'value_too_long';
    const values = this.values.get(name);
    if (values === undefined || values.has(value) || values.size < max_values) return undefined;
    this.sweep();
    return this.count(name) < max_values ? undefined : 'too_many_values';
  }

  private known(labels: readonly Candidate[]): Stream | undefined {
    const stream = this.streams.get(textOf(labels));
    if (stream !== undefined) this.use(stream);
    return stream;
  }

  private added(labels: readonly Candidate[]): Stream | undefined {
    if (this.streams.size >= this.options.max_combinations) this.sweep();
    return this.streams.size >= this.options.max_combinations ? undefined : this.add(labels);
  }

  private add(given: readonly Candidate[]): Stream {
    const labels = given.length === 0 ? [nameless] : given;
    const text = textOf(labels);
    const stream = { text, labels: labels.flatMap(({ name, value }) => [name, value]), lastUsed: this.clock.now() };
    this.streams.set(text, stream);
    this.note(stream);
    return stream;
  }

  private note({ labels }: Stream): void {
    for (let i = 0; i < labels.length; i += 2) {
      const name = labels[i] as string;
      const values = this.values.get(name);
      if (values === undefined) this.values.set(name, new Set([labels[i + 1] as string]));
      else values.add(labels[i + 1] as string);
    }
  }

  private count(name: string): number {
    return this.values.get(name)?.size ?? 0;
  }

  /** Forgets streams out of use, and values that only they have. */
  private sweep(): void {
    const now = this.clock.now();
    if (now < this.nextSweep) return;
    this.nextSweep = now + sweepEveryMs;
    const before = this.size;
    for (const [text, { lastUsed }] of this.streams)
      if (lastUsed < now - this.options.forget_after) this.streams.delete(text);
    if (this.size < before) this.generation++;
    this.values.clear();
    for (const stream of this.streams.values()) this.note(stream);
  }
}

function textOf(labels: readonly Candidate[]): string {
  const given = labels.length === 0 ? [nameless] : labels;
  return streamText(new Map(given.map(({ name, value }) => [name, value])));
}
