import type { Socket } from 'node:net';
import { Body, type SizeHint } from '../socket/body.ts';
import { ConnectionError, errorCode, errorName, maxWindow, preface } from './codes.ts';
import { Connection } from './connection.ts';
import { responseHead, validTrailers, type ResponseHead } from './field-rules.ts';
import type { RawBlock } from './header-collector.ts';
import type { HeaderBlock } from './hpack/decoder.ts';
import type { Limits } from './limits.ts';
import type { Message } from './sender.ts';
import { settingId, type PeerSettings } from './settings.ts';
import { Stream } from './stream.ts';

export interface Request extends Message {
  /** Longest answer that is read. */
  readonly maxBody: number;
  /** How the answer's length is to be read from its start; undefined where it cannot. */
  readonly sizeHint?: (head: ResponseHead) => SizeHint | undefined;
}

export interface Answer {
  readonly head: ResponseHead;
  readonly body: Buffer;
  /** Fields after the body; undefined where there were none. */
  readonly trailers: readonly string[] | undefined;
}

/**
 * Why a request has no answer. `unprocessed`: the server promised that it did nothing, so it is safe to send it again.
 * `reset`: the server ended the stream with `code`. `lost`: the connection went away. `too_large`, `malformed`: the answer.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly kind: 'unprocessed' | 'reset' | 'lost' | 'too_large' | 'malformed';
  readonly code: number;
  /** The answer's head, where that much of it came. */
  readonly head: ResponseHead | undefined;

  constructor(
    kind: RequestError['kind'],
    message: string,
    more: { code?: number; head?: ResponseHead | undefined } = {},
  ) {
    super(message);
    this.kind = kind;
    this.code = more.code ?? errorCode.noError;
    this.head = more.head;
  }
}

export type Done = (outcome: Answer | RequestError) => void;

class ClientStream extends Stream {
  head: ResponseHead | undefined;
  trailers: readonly string[] | undefined;
  readonly sizeHint: Request['sizeHint'];
  /** How often anything had come from the server when the request was sent. */
  heardBefore = 0;
  private done: Done | undefined;

  constructor(id: number, windows: { send: number; receive: number }, request: Request, done: Done) {
    super(id, windows.send, windows.receive);
    this.sizeHint = request.sizeHint;
    this.done = done;
    this.maxBody = request.maxBody;
  }

  /**
   * The callback, once. The stream lets go of it, and so of the request and its body: a table of streams that was outgrown keeps
   * what it held alive until V8 goes over the whole heap.
   */
  takeDone(): Done | undefined {
    const { done } = this;
    this.done = undefined;
    return done;
  }
}

export interface ClientConnectionOptions {
  readonly limits: Limits;
  /** The server's settings came: requests may be sent. */
  onReady(): void;
  /** There may be room for another request. */
  onRoom(): void;
  /** No more requests may be sent: the server said so, or the connection is over. Called once or twice. */
  onLeaving(error: Error): void;
}

const shortLife = 1000;

/** The client's end of a connection. */
export class ClientConnection extends Connection<ClientStream> {
  protected override readonly peerIsServer = true;
  private readonly options: ClientConnectionOptions;
  private nextId = 1;
  private peerMaxStreams = Infinity;
  private leaving = false;
  private useful = false;
  /** Servers cut off those who ping too often, and forget the pings when they answer. */
  private mayAsk = true;
  ready = false;

  constructor(socket: Socket, options: ClientConnectionOptions) {
    super(socket, options.limits);
    this.options = options;
    this.output.copy(preface);
    this.sendSettings([[settingId.enablePush, 0]]);
  }

  /** Ended soon after it began, without a single answer. */
  get wasInVain(): boolean {
    return !this.useful && Date.now() - this.openedAt < shortLife;
  }

  get hasRoom(): boolean {
    const open = this.ready && !this.leaving && !this.closed;
    return open && this.streams.size < this.peerMaxStreams && !this.keepalive.waiting;
  }

  /** Sends a request; `hasRoom` must hold. `done` is called once, never before this returns. The result gives the request up. */
  request(request: Request, done: Done): () => void {
    const windows = { send: this.sender.initialWindow, receive: this.limits.streamWindow };
    const stream = new ClientStream(this.nextId, windows, request, done);
    stream.heardBefore = this.keepalive.heardTimes;
    this.nextId += 2;
    this.streams.set(stream.id, stream);
    this.guarded(() => this.sender.message(stream, request));
    if (this.nextId > maxWindow - 1) this.leave(new Error('the connection has no stream ids left'));
    return () => this.cancel(stream);
  }

  private cancel(stream: ClientStream): void {
    if (this.streams.get(stream.id) !== stream) return;
    this.guarded(() => {
      if (stream.heardBefore === this.keepalive.heardTimes) this.doubt();
      this.sendReset(stream.id, errorCode.cancel);
      this.close(stream, true);
    });
  }

  /** Nothing at all came while a request waited in vain: there is no room for others until the server answers a ping. */
  private doubt(): void {
    if (!this.mayAsk) return;
    this.mayAsk = false;
    this.keepalive.ask(Date.now());
  }

  protected override headers(raw: RawBlock, block: HeaderBlock): void {
    const stream = this.streams.get(raw.streamId);
    if (stream === undefined) {
      if (this.idle(raw.streamId))
        throw new ConnectionError(errorCode.protocolError, `HEADERS is on idle stream ${raw.streamId}`);
      if (!this.gone.wasReset(raw.streamId)) this.streamError(raw.streamId, errorCode.streamClosed);
      return;
    }
    if (stream.remoteDone) this.streamError(stream.id, errorCode.streamClosed);
    else if (block.tooLarge)
      this.giveUp(stream, new RequestError('too_large', 'the headers of the answer are too large'));
    else if (stream.head === undefined) this.firstHeaders(stream, raw, block);
    else if (!raw.endStream || !validTrailers(block))
      this.malformed(stream, 'the trailers of the answer are malformed');
    else {
      stream.trailers = block.fields;
      this.endOfBody(stream);
    }
  }

  private firstHeaders(stream: ClientStream, raw: RawBlock, block: HeaderBlock): void {
    const head = responseHead(block);
    if (head === undefined || (head.status < 200 && raw.endStream)) {
      this.malformed(stream, 'the headers of the answer are malformed');
      return;
    }
    if (head.status < 200) {
      this.guard.count('other');
      return;
    }
    stream.head = head;
    stream.body = new Body(stream.sizeHint?.(head));
    stream.contentLength = head.contentLength;
    if (raw.endStream) this.endOfBody(stream);
    else if (head.contentLength > stream.maxBody) this.bodyTooLarge(stream);
  }

  private malformed(stream: ClientStream, message: string): void {
    this.giveUp(stream, new RequestError('malformed', message));
  }

  private giveUp(stream: ClientStream, error: RequestError): void {
    this.sendReset(stream.id, errorCode.cancel);
    this.close(stream, true);
    settle(stream, error);
  }

  private close(stream: ClientStream, resetByUs: boolean): void {
    this.forget(stream, resetByUs);
    this.window.release(stream.held);
    stream.held = 0;
    this.openWindow();
    this.afterStream();
  }

  private afterStream(): void {
    if (this.leaving && this.streams.size === 0) this.end(new Error('the connection is drained'));
    else if (!this.leaving) this.options.onRoom();
  }

  protected override complete(stream: ClientStream): void {
    if (stream.head === undefined) {
      this.malformed(stream, 'the answer has no headers');
      return;
    }
    const body = (stream.body as Body).whole();
    if (!stream.localDone) this.sendReset(stream.id, errorCode.cancel);
    this.guard.served();
    // A server may reset what it has answered before the request was whole.
    this.guard.earn('reset', 1);
    this.useful = true;
    this.mayAsk = true;
    this.close(stream, !stream.localDone);
    settle(stream, { head: stream.head, body, trailers: stream.trailers });
  }

  protected override bodyGrew(): void {
    // The length of one answer is bounded, and so is the number of requests.
  }

  protected override bodyTooLarge(stream: ClientStream): void {
    this.giveUp(
      stream,
      new RequestError('too_large', `the answer is larger than ${stream.maxBody} bytes`, { head: stream.head }),
    );
  }

  protected override aborted(stream: ClientStream, code: number, byPeer: boolean): void {
    this.window.release(stream.held);
    stream.held = 0;
    const unprocessed = byPeer && code === errorCode.refusedStream;
    const who = byPeer ? 'the server' : 'a broken answer';
    const message = `${who} ended the stream with ${errorName(code)}`;
    settle(
      stream,
      new RequestError(unprocessed ? 'unprocessed' : byPeer ? 'reset' : 'malformed', message, {
        code,
        head: stream.head,
      }),
    );
    this.openWindow();
    this.afterStream();
  }

  protected override sent(): void {
    // The stream stays until its answer is there.
  }

  protected override idle(streamId: number): boolean {
    return streamId >= this.nextId || streamId % 2 === 0;
  }

  protected override lastPeerStream(): number {
    return 0;
  }

  protected override busy(): boolean {
    return false;
  }

  protected override goaway(lastStreamId: number, code: number, debug: string): void {
    const said = `the server is going away: ${errorName(code)}${debug === '' ? '' : ` (${JSON.stringify(debug)})`}`;
    this.leave(new Error(said));
    for (const stream of this.streams.values()) {
      if (stream.id <= lastStreamId) continue;
      this.forget(stream, true);
      this.window.release(stream.held);
      settle(stream, new RequestError('unprocessed', said, { code }));
    }
    this.afterStream();
  }

  private leave(error: Error): void {
    if (this.leaving) return;
    this.leaving = true;
    this.options.onLeaving(error);
  }

  /** Sends no new requests and closes when the open ones have their answers. */
  drain(): void {
    this.leave(new Error('the client is closing'));
    this.guarded(() => this.afterStream());
  }

  protected override pinged(): void {
    // The flood guard counts it; a client has no further rule.
  }

  protected override ponged(): void {
    // Any byte from the server counts as a sign of life; nobody was sent here while it was waited for.
    if (!this.leaving) this.options.onRoom();
  }

  protected override settingsChanged(settings: PeerSettings): void {
    if (settings.maxConcurrentStreams !== undefined) this.peerMaxStreams = settings.maxConcurrentStreams;
    if (this.ready) {
      this.options.onRoom();
      return;
    }
    this.ready = true;
    this.options.onReady();
  }

  protected override sweepStreams(now: number): void {
    for (const { outgoing } of this.sender.waiting) {
      if (outgoing === undefined) continue;
      if (outgoing.progressAt === 0) outgoing.progressAt = now;
      else if (now - outgoing.progressAt > this.limits.writeStall)
        throw new ConnectionError(errorCode.flowControlError, 'the server opens no window');
    }
  }

  protected override over(error: Error): void {
    const open = [...this.streams.values()];
    this.streams.clear();
    this.leaving = true;
    for (const stream of open) settle(stream, new RequestError('lost', error.message));
    this.options.onLeaving(error);
  }
}

/** What a caller does with its outcome must not disturb the connection. */
function settle(stream: ClientStream, outcome: Answer | RequestError): void {
  const done = stream.takeDone();
  queueMicrotask(() => done?.(outcome));
}
