import type { Socket } from 'node:net';
import { Body, type SizeHint } from '../socket/body.ts';
import { ConnectionError, errorCode, maxWindow, preface } from './codes.ts';
import { Connection } from './connection.ts';
import { requestHead, validTrailers, type RequestHead } from './field-rules.ts';
import type { RawBlock } from './header-collector.ts';
import type { HeaderBlock } from './hpack/decoder.ts';
import type { Limits } from './limits.ts';
import { PingPolicy } from './ping-policy.ts';
import type { Message } from './sender.ts';
import { settingId } from './settings.ts';
import { Stream } from './stream.ts';

export type Response = Message;

/** How one request is to be taken. */
export interface Exchange {
  /** Larger bodies are answered with `tooLarge`, as soon as that is known. */
  readonly maxBody: number;
  readonly sizeHint?: SizeHint;
  tooLarge(): Response;
  /** Hears of every part of the body as it comes; a response refuses the rest. */
  received?(bytes: number): Response | undefined;
  /** A response that comes before the body is whole refuses the request. Never rejects. */
  readonly refused?: Promise<Response | undefined>;
  /** The request ends without `handle`. Called at most once, and never after `handle`. */
  dropped?(): void;
  /** Answers the whole request. `body` is a view of what was received, the callee's to keep. What it throws resets the stream. */
  handle(body: Buffer): Promise<Response> | Response;
  /** When the answer is due, in milliseconds since the epoch. */
  readonly deadline?: number;
  /** What the peer hears when the answer is not there in time. */
  late?(): Response;
}

export interface ServerOptions {
  readonly limits: Limits;
  /** Called when the headers are there. A response refuses the request before its body. */
  open(head: RequestHead, peer: Peer): Exchange | Response;
  readonly pings?: { readonly minTime: number; readonly withoutStreams: boolean };
}

/** The other end of a connection. */
export interface Peer {
  /** `host:port`, or `unix`. */
  readonly address: string;
  readonly socket: Socket;
}

class ServerStream extends Stream {
  exchange: Exchange | undefined;
  /** The handler has the request, and has not answered it. */
  handling = false;
  handedOver = false;
  answered = false;
}

/** The server's end of a connection. */
export class ServerConnection extends Connection<ServerStream> {
  protected override readonly peerIsServer = false;
  private readonly options: ServerOptions;
  private readonly peer: Peer;
  private readonly pings: PingPolicy | undefined;
  private prefaceLeft = preface.length;
  private lastId = 0;
  private lastActedOn = 0;
  /** Handlers at work, those of reset streams included: that is what streams cost. */
  private handlers = 0;
  private draining: 'no' | 'announced' | 'final' = 'no';
  private drainedAt = 0;
  private idleSince = Date.now();
  private readonly ageLimit: number;

  /** The socket that the connection uses in the end is `connection.socket`. */
  constructor(accepted: Socket, options: ServerOptions, shareReads = false) {
    super(accepted, options.limits, shareReads);
    const { socket } = this;
    this.options = options;
    this.peer = { address: addressOf(socket), socket };
    this.pings = options.pings === undefined ? undefined : new PingPolicy(options.pings);
    this.ageLimit = options.limits.maxAge * (0.9 + Math.random() * 0.2);
    this.sendSettings([[settingId.maxConcurrentStreams, options.limits.maxConcurrentStreams]]);
  }

  protected override received(chunk: Buffer): void {
    if (this.prefaceLeft === 0) {
      super.received(chunk);
      return;
    }
    const at = preface.length - this.prefaceLeft;
    const length = Math.min(this.prefaceLeft, chunk.length);
    if (preface.compare(chunk, 0, length, at, at + length) !== 0) {
      throw new ConnectionError(errorCode.protocolError, 'the connection does not begin with the preface');
    }
    this.prefaceLeft -= length;
    if (chunk.length > length) super.received(chunk.subarray(length));
  }

  protected override headers(raw: RawBlock, block: HeaderBlock): void {
    const { streamId } = raw;
    const open = this.streams.get(streamId);
    if (open !== undefined) {
      this.trailers(open, raw, block);
      return;
    }
    if (streamId % 2 === 0) throw new ConnectionError(errorCode.protocolError, `a client opened stream ${streamId}`);
    if (streamId <= this.lastId) {
      if (this.gone.wasReset(streamId)) return;
      const code = this.gone.has(streamId) ? errorCode.streamClosed : errorCode.protocolError;
      throw new ConnectionError(code, `HEADERS is on closed stream ${streamId}`);
    }
    this.lastId = streamId;
    if (this.draining === 'final') {
      this.refuse(streamId, errorCode.refusedStream);
      return;
    }
    this.lastActedOn = streamId;
    this.openStream(raw, block);
  }

  private openStream(raw: RawBlock, block: HeaderBlock): void {
    const { streamId, endStream } = raw;
    const head = raw.dependsOnItself ? undefined : requestHead(block);
    if (head === undefined || (endStream && head.contentLength > 0)) {
      this.refuse(streamId, errorCode.protocolError);
      return;
    }
    if (Math.max(this.streams.size, this.handlers) >= this.limits.maxConcurrentStreams) {
      this.refuse(streamId, errorCode.refusedStream);
      return;
    }
    const stream = new ServerStream(streamId, this.sender.initialWindow, this.limits.streamWindow);
    stream.contentLength = head.contentLength;
    stream.remoteDone = endStream;
    this.streams.set(streamId, stream);
    const taken = this.options.open(head, this.peer);
    if ('headers' in taken) {
      this.answer(stream, taken);
      return;
    }
    stream.exchange = taken;
    stream.maxBody = taken.maxBody;
    if (endStream) {
      this.complete(stream);
      return;
    }
    stream.startedAt = Date.now();
    stream.body = new Body(taken.sizeHint);
    void taken.refused?.then((refusal) => this.guarded(() => this.refuseEarly(stream, refusal)));
    if (head.contentLength > taken.maxBody) this.bodyTooLarge(stream);
  }

  private refuseEarly(stream: ServerStream, refusal: Response | undefined): void {
    const open = this.streams.get(stream.id) === stream && !stream.answered && !stream.handedOver;
    if (refusal !== undefined && open) this.answer(stream, refusal);
  }

  private refuse(streamId: number, code: number): void {
    this.gone.add(streamId, true);
    this.streamError(streamId, code);
  }

  private trailers(stream: ServerStream, raw: RawBlock, block: HeaderBlock): void {
    if (stream.remoteDone) this.streamError(stream.id, errorCode.streamClosed);
    else if (!raw.endStream || raw.dependsOnItself || !validTrailers(block))
      this.streamError(stream.id, errorCode.protocolError);
    else this.endOfBody(stream);
  }

  protected override complete(stream: ServerStream): void {
    const { exchange } = stream;
    if (exchange === undefined || stream.answered) return;
    const body = stream.body?.whole() ?? nothing;
    stream.body = undefined;
    stream.handling = true;
    stream.handedOver = true;
    this.handlers++;
    let result: Promise<Response> | Response;
    try {
      result = exchange.handle(body);
    } catch {
      this.handled(stream, undefined);
      return;
    }
    if (!(result instanceof Promise)) this.handled(stream, result);
    else {
      result.then(
        (response) => this.guarded(() => this.handled(stream, response)),
        () => this.guarded(() => this.handled(stream, undefined)),
      );
    }
  }

  private handled(stream: ServerStream, response: Response | undefined): void {
    this.handlers--;
    stream.handling = false;
    this.release(stream);
    if (!stream.answered && this.streams.get(stream.id) === stream) {
      if (response === undefined) this.reset(stream, errorCode.internalError);
      else this.answer(stream, response);
    }
    this.openWindow();
    this.closeWhenDrained();
  }

  private answer(stream: ServerStream, response: Response): void {
    this.finish(stream);
    this.guard.served();
    this.pings?.sent();
    this.sender.message(stream, response);
  }

  /** Nothing more is to be done for the request, except to send what there is. */
  private finish(stream: ServerStream): void {
    const dropped = !stream.answered && !stream.handedOver;
    stream.answered = true;
    stream.body = undefined;
    if (!stream.handling) this.release(stream);
    if (dropped) stream.exchange?.dropped?.();
  }

  private release(stream: ServerStream): void {
    this.window.release(stream.held);
    stream.held = 0;
  }

  protected override bodyGrew(stream: ServerStream, bytes: number): void {
    const refusal = stream.exchange?.received?.(bytes);
    if (refusal !== undefined) this.answer(stream, refusal);
  }

  protected override bodyTooLarge(stream: ServerStream): void {
    if (stream.exchange !== undefined && !stream.answered) this.answer(stream, stream.exchange.tooLarge());
  }

  protected override sent(stream: ServerStream): void {
    if (!stream.handling) this.release(stream);
    if (!stream.remoteDone) this.sendReset(stream.id, errorCode.noError);
    this.forget(stream, !stream.remoteDone);
    this.closeWhenDrained();
  }

  protected override aborted(stream: ServerStream): void {
    this.finish(stream);
    this.openWindow();
    this.closeWhenDrained();
  }

  protected override idle(streamId: number): boolean {
    return streamId > this.lastId || streamId % 2 === 0;
  }

  protected override lastPeerStream(): number {
    return this.lastActedOn;
  }

  protected override busy(): boolean {
    return this.handlers > 0;
  }

  protected override goaway(): void {
    this.drain();
  }

  protected override pinged(): void {
    this.pings?.received(this.streams.size > 0);
  }

  /** The peer has read the announcement: what it sends from now on it sends knowing. */
  protected override ponged(payload: Buffer): void {
    if (payload.equals(drainPing)) this.finishDrain();
  }

  protected override settingsChanged(): void {
    // Nothing a server does depends on settings beyond windows and sizes.
  }

  /** Takes no new streams, lets open ones end, then closes. */
  drain(): void {
    if (this.closed || this.draining !== 'no') return;
    this.draining = 'announced';
    this.drainedAt = Date.now();
    this.guarded(() => {
      this.sendGoaway(maxWindow, errorCode.noError);
      this.sendPing(drainPing);
    });
  }

  private finishDrain(): void {
    if (this.draining !== 'announced') return;
    this.draining = 'final';
    this.sendGoaway(this.lastActedOn, errorCode.noError);
    this.closeWhenDrained();
  }

  private closeWhenDrained(): void {
    if (this.draining === 'final' && this.streams.size === 0 && this.handlers === 0)
      this.end(new Error('the connection is drained'));
  }

  protected override sweepStreams(now: number): void {
    const { limits } = this;
    if (this.draining === 'announced' && now - this.drainedAt > 1000) this.finishDrain();
    if (limits.maxAge > 0 && now - this.openedAt > this.ageLimit) this.drain();
    const overdue = limits.maxAgeGrace > 0 && now - this.openedAt > this.ageLimit + limits.maxAgeGrace;
    if (limits.maxAge > 0 && overdue) this.destroy(new Error('the connection is too old'));
    if (this.streams.size > 0 || this.handlers > 0) this.idleSince = now;
    if (limits.maxIdle > 0 && now - this.idleSince > limits.maxIdle) this.drain();
    for (const stream of this.streams.values()) this.sweepStream(stream, now);
  }

  private sweepStream(stream: ServerStream, now: number): void {
    const { limits } = this;
    const { exchange, outgoing } = stream;
    if (outgoing !== undefined) {
      if (outgoing.progressAt === 0) outgoing.progressAt = now;
      else if (now - outgoing.progressAt > limits.writeStall) this.reset(stream, errorCode.cancel);
    } else if (exchange?.deadline !== undefined && exchange.late !== undefined && now > exchange.deadline) {
      this.answer(stream, exchange.late());
    } else if (!stream.remoteDone && this.window.credit > 0) this.sweepBody(stream, now);
  }

  private sweepBody(stream: ServerStream, now: number): void {
    const { bodyGrace, minBodyRate } = this.limits;
    const waited = now - stream.startedAt;
    if (waited > bodyGrace && (stream.body?.length ?? 0) < (waited / 1000) * minBodyRate)
      this.reset(stream, errorCode.cancel);
  }

  protected override over(): void {
    for (const stream of this.streams.values()) {
      this.finish(stream);
      stream.outgoing = undefined;
    }
    this.streams.clear();
  }
}

function addressOf({ remoteAddress, remotePort }: Socket): string {
  if (remoteAddress === undefined) return 'unix';
  return remoteAddress.includes(':') ? `[${remoteAddress}]:${remotePort}` : `${remoteAddress}:${remotePort}`;
}

const nothing = Buffer.alloc(0);
const drainPing = Buffer.from('sluicedr', 'latin1');
