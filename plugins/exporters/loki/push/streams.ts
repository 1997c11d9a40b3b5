import type { Guard, Stream } from '../labels/guard.ts';
import type { Kernel } from './kernel.ts';
import type { PushedStream } from './pushed-stream.ts';

/** Words of a slot, as kernel/streams.as has them. */
const slotWords = 10;
const second = 1_000_000_000n;

/** The numbers by which the kernel knows streams, from push to push. */
export class Streams {
  private readonly kernel: Kernel;
  private readonly guard: Guard;
  private readonly byNumber: Stream[] = [];
  private readonly numbers = new Map<Stream, number>();
  /** Words of the kernel's list of streams in use that were looked at. */
  private seen = 0;

  constructor(kernel: Kernel, guard: Guard) {
    this.kernel = kernel;
    this.guard = guard;
  }

  forget(): void {
    this.byNumber.length = 0;
    this.numbers.clear();
  }

  /** A new push. */
  begin(): void {
    this.seen = 0;
  }

  numberOf(stream: Stream): number {
    let number = this.numbers.get(stream);
    if (number === undefined) {
      number = this.byNumber.push(stream) - 1;
      this.numbers.set(stream, number);
      this.kernel.transfer(Buffer.from(stream.text));
      this.kernel.calls.addStream();
    }
    return number;
  }

  /** Tells the guard which streams the push has had since it was told last. */
  tellGuard(): void {
    const { calls } = this.kernel;
    const count = calls.usedStreamsSize() / 4;
    if (count === this.seen) return;
    const used = this.kernel.words(calls.usedStreamsAt(), count);
    for (; this.seen < count; this.seen++) this.guard.use(this.byNumber[used[this.seen]!]!);
  }

  /** The streams of the push that has all entries. */
  pushed(): PushedStream[] {
    const { calls } = this.kernel;
    const count = calls.slotsSize() / (4 * slotWords);
    const words = this.kernel.words(calls.slotsAt(), count * slotWords);
    return Array.from({ length: count }, (_unused, i) => {
      const at = i * slotWords;
      return {
        stream: this.byNumber[words[at]!]!,
        count: words[at + 1]!,
        start: words[at + 2]!,
        end: words[at + 3]!,
        oldest: secondsAt(words, at + 6),
        newest: secondsAt(words, at + 8),
      };
    });
  }
}

/** The whole seconds of nanoseconds in two words. */
function secondsAt(words: Uint32Array, at: number): number {
  return Number(((BigInt(words[at + 1]!) << 32n) + BigInt(words[at]!)) / second);
}
