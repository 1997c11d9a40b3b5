import { flag, frameType, maxWindow, smallestMaxFrame } from './codes.ts';
import { Encoder, type Headers } from './hpack/encoder.ts';
import type { FrameOutput } from './frame-output.ts';
import type { Stream } from './stream.ts';

const maxOwnFrame = 1024 * 1024;
/** Bodies wait in their streams while this much waits in the socket. */
const socketBytes = 1024 * 1024;

/** A request or an answer, whole. */
export interface Message {
  /** Pseudo headers first. */
  readonly headers: Headers;
  /** Headers that follow the fixed ones and change from message to message. */
  readonly more?: readonly string[];
  /** A few bytes before the body, so that the body need not be copied behind them. */
  readonly prefix?: Uint8Array;
  /** Must not change before it is sent. */
  readonly body?: Uint8Array;
  readonly trailers?: Headers;
}

/** Sends headers and bodies within the peer's windows and frame size. */
export class Sender {
  readonly encoder = new Encoder();
  window = 65_535;
  initialWindow = 65_535;
  /** Bytes of bodies so far. */
  sentBytes = 0;
  private maxFrame = smallestMaxFrame;
  private readonly output: FrameOutput;
  private readonly done: (stream: Stream) => void;
  private readonly blocked = new Set<Stream>();

  /** `done` is called when a stream has sent END_STREAM. */
  constructor(output: FrameOutput, done: (stream: Stream) => void) {
    this.output = output;
    this.done = done;
  }

  set peerMaxFrame(size: number) {
    this.maxFrame = Math.min(size, maxOwnFrame);
  }

  /** Streams whose body waits for a window or for the socket. */
  get waiting(): ReadonlySet<Stream> {
    return this.blocked;
  }

  message(stream: Stream, message: Message): void {
    const { headers, more, prefix = nothing, body = nothing, trailers } = message;
    const last = prefix.length + body.length === 0 && trailers === undefined;
    this.headers(stream.id, this.encoder.encode(headers, more), last);
    if (last) {
      stream.localDone = true;
      this.done(stream);
      return;
    }
    stream.outgoing = { prefix, body, at: 0, trailers, progressAt: 0 };
    this.pump(stream);
  }

  forget(stream: Stream): void {
    stream.outgoing = undefined;
    this.blocked.delete(stream);
  }

  /** Sends what the windows allow of every waiting body. */
  resume(): void {
    if (this.blocked.size === 0) return;
    // Those that stay blocked move to the end of the set.
    for (const stream of Array.from(this.blocked)) this.pump(stream);
  }

  pump(stream: Stream): void {
    const { outgoing, id } = stream;
    if (outgoing === undefined) return;
    const { prefix, body, trailers } = outgoing;
    const total = prefix.length + body.length;
    while (outgoing.at < total) {
      const length = Math.min(total - outgoing.at, this.window, stream.sendWindow, this.maxFrame);
      if (length <= 0 || this.output.pending > socketBytes) {
        this.block(stream);
        return;
      }
      const end = outgoing.at + length;
      this.output.frame(length, frameType.data, end === total && trailers === undefined ? flag.endStream : 0, id);
      if (outgoing.at < prefix.length) this.output.copy(prefix.subarray(outgoing.at, Math.min(prefix.length, end)));
      if (end > prefix.length) this.output.data(body, Math.max(0, outgoing.at - prefix.length), end - prefix.length);
      outgoing.at = end;
      outgoing.progressAt = 0;
      this.window -= length;
      this.sentBytes += length;
      stream.sendWindow -= length;
    }
    if (trailers !== undefined) this.headers(id, this.encoder.encode(trailers), true);
    this.forget(stream);
    stream.localDone = true;
    this.done(stream);
  }

  /** False where the window would grow over its maximum. */
  widen(increment: number): boolean {
    this.window += increment;
    if (this.window > maxWindow) return false;
    this.resume();
    return true;
  }

  private block(stream: Stream): void {
    this.blocked.delete(stream);
    this.blocked.add(stream);
  }

  /** Header frames stay small whatever the peer takes: some peers refuse large ones. */
  private headers(id: number, block: Uint8Array, endStream: boolean): void {
    const { output } = this;
    const end = endStream ? flag.endStream : 0;
    if (block.length <= smallestMaxFrame) {
      output.frame(block.length, frameType.headers, flag.endHeaders | end, id);
      output.copy(block);
      return;
    }
    output.frame(smallestMaxFrame, frameType.headers, end, id);
    output.copy(block.subarray(0, smallestMaxFrame));
    for (let at = smallestMaxFrame; at < block.length; at += smallestMaxFrame) {
      const piece = block.subarray(at, at + smallestMaxFrame);
      output.frame(
        piece.length,
        frameType.continuation,
        at + smallestMaxFrame >= block.length ? flag.endHeaders : 0,
        id,
      );
      output.copy(piece);
    }
  }
}

const nothing = new Uint8Array(0);
