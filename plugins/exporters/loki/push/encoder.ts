import { decode, encode, isTrap, type Batch, type Clock } from 'sluice/plugin';
import type { PushOptions } from '../config.ts';
import type { Guard } from '../labels/guard.ts';
import { Refusals } from '../refusals.ts';
import { noChanges, type Changes } from './changes.ts';
import { PushKernel } from './push-kernel.ts';
import type { PushedStream } from './pushed-stream.ts';

/** A push request. It can be written until the next one is made. */
export interface Push {
  readonly streams: readonly PushedStream[];
  /** Records that are not in it. */
  readonly refused: Refusals;
  readonly changes: Changes;
  /** The request with some of its streams, in protobuf. */
  plain(streams: readonly PushedStream[]): Uint8Array;
  /** The same as a block of Snappy. */
  snappy(streams: readonly PushedStream[]): Uint8Array;
}

/** The memory of a kernel never shrinks: one that has more than this serves one push. */
const keptBytes = 16 * 1024 * 1024;

/** Writes batches of log records as push requests of Loki. One at a time. */
export class PushEncoder {
  private readonly options: PushOptions;
  private readonly guard: Guard;
  private readonly clock: Clock;
  private kernel: PushKernel | undefined;

  constructor(options: PushOptions, guard: Guard, clock: Clock) {
    this.options = options;
    this.guard = guard;
    this.clock = clock;
  }

  encode(batch: Batch): Push {
    // One that stops in the midst of a batch is not used again.
    const kernel = this.kernel ?? new PushKernel(this.options, this.guard);
    this.kernel = undefined;
    const { max_age } = this.options.limits;
    const oldest = max_age > 0 ? (this.clock.now() - max_age) / 1000 : -Infinity;
    try {
      kernel.encode(batch, oldest);
    } catch (error) {
      if (!isTrap(error) || !kernel.stoppedAtOdd()) throw error;
      // Resources in several pieces and the like are put together by the codec.
      kernel.encode(encode(decode(batch), batch.meta), oldest, true);
    }
    if (kernel.size <= keptBytes) this.kernel = kernel;
    const refused = new Refusals();
    const changes = noChanges();
    kernel.count(refused, changes);
    const streams = kernel.streams();
    return {
      streams,
      refused,
      changes,
      plain: (some) => kernel.plain(slotsOf(streams, some)),
      snappy: (some) => kernel.snappy(slotsOf(streams, some)),
    };
  }
}

/** The places of some of the streams among all. */
function slotsOf(all: readonly PushedStream[], some: readonly PushedStream[]): Uint32Array {
  if (some === all) return Uint32Array.from(all, (_unused, slot) => slot);
  const slots = new Map(all.map((stream, slot) => [stream, slot]));
  return Uint32Array.from(some, (stream) => slots.get(stream) as number);
}
