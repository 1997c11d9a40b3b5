import type { Stream } from '../labels/guard.ts';
import type { PushedStream } from './pushed-stream.ts';

/** `auto`: streams of which Loki might refuse something go by themselves. */
export type Split = 'auto' | 'always' | 'never';

/** After this long without a record, in milliseconds, Loki may have forgotten a stream, and finds no room for it again. */
const idleMs = 10 * 60_000;
/** Loki takes entries of up to an hour behind the newest of a stream, unless it is configured otherwise; in seconds. */
const behind = 20 * 60;
/** Loki takes 3 MB/s of one stream, unless it is configured otherwise. A stream of half of that is fast. */
const windowMs = 5000;
const fastBytes = 1.5e6 * (windowMs / 1000);

/** What is known about a stream that was pushed before. */
interface History {
  takenAt: number;
  /** Time of the newest entry, in seconds. */
  newest: number;
  since: number;
  bytes: number;
}

/**
 * Which streams share a request. Loki tells what it refused only of the last stream of a request: what it does not take of the others,
 * because they are new and there are too many, go too fast, or are too far behind, vanishes without a word. So such streams go alone.
 */
export class Requests {
  private readonly split: Split;
  private readonly histories = new WeakMap<Stream, History>();

  constructor(split: Split) {
    this.split = split;
  }

  /** The streams of each request. With `apart`, each has its own. */
  of(streams: readonly PushedStream[], now: number, apart: boolean): PushedStream[][] {
    if (streams.length < 2 || (this.split === 'never' && !apart)) return [[...streams]];
    if (apart || this.split === 'always') return streams.map((stream) => [stream]);
    const alone: PushedStream[][] = [];
    const together: PushedStream[] = [];
    for (const stream of streams)
      if (this.isRisky(stream, now)) alone.push([stream]);
      else together.push(stream);
    return together.length === 0 ? alone : [...alone, together];
  }

  /** Loki has them. */
  taken(streams: readonly PushedStream[], now: number): void {
    if (this.split !== 'auto') return;
    for (const { stream, newest, start, end } of streams) {
      const history = this.histories.get(stream) ?? { takenAt: now, newest, since: now, bytes: 0 };
      this.histories.set(stream, history);
      if (now - history.since > windowMs) {
        history.since = now;
        history.bytes = 0;
      }
      history.takenAt = now;
      history.newest = Math.max(history.newest, newest);
      history.bytes += end - start;
    }
  }

  private isRisky({ stream, oldest, newest, start, end }: PushedStream, now: number): boolean {
    const history = this.histories.get(stream);
    if (history === undefined || now - history.takenAt > idleMs) return true;
    if (Math.max(history.newest, newest) - oldest > behind) return true;
    const recent = now - history.since > windowMs ? 0 : history.bytes;
    return recent + end - start > fastBytes;
  }
}
