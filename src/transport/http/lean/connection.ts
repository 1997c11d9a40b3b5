import type { Socket } from 'node:net';
import { hostPort } from '../../listen/address.ts';
import { Output } from '../../socket/output.ts';
import type { ServedConnection } from '../../socket/server.ts';
import { withSharedReads } from '../../socket/shared-reads.ts';
import { WriteProgress } from '../../socket/write-progress.ts';
import { GoneError, HttpFault, type Answer } from '../incoming.ts';
import type { HttpService } from '../service.ts';
import { LeanRequest, type RequestConnection } from './request.ts';
import { HeadReader } from './head-reader.ts';
import type { Limits } from './limits.ts';
import { continueLine, type ResponseWriter } from './response.ts';

export interface ConnectionOptions {
  readonly service: HttpService;
  readonly limits: Limits;
  readonly writer: ResponseWriter;
}

/** The server's end of a connection: one request after the other, each answered before the next one is looked at. */
export class HttpConnection implements ServedConnection, RequestConnection {
  readonly socket: Socket;
  readonly peer: string;
  private readonly options: ConnectionOptions;
  private readonly output: Output;
  private readonly progress: WriteProgress;
  private readonly heads = new HeadReader();
  private request: LeanRequest | undefined;
  /** Bytes that nobody can take yet. The socket is not read meanwhile. */
  private held: Buffer | undefined;
  /** The body's reader does not want any. */
  private paused = false;
  /** Bytes are being taken right now. */
  private taking = false;
  /** Nothing is taken any more. */
  private closed = false;
  private peerEnded = false;
  private draining = false;
  /** When the head, the discarded rest of a body, the silence or the end of the connection began. */
  private since = Date.now();
  private served = 0;

  constructor(accepted: Socket, secure: boolean, options: ConnectionOptions) {
    const moved = secure ? undefined : withSharedReads(accepted, (bytes) => this.onData(bytes));
    const socket = moved ?? accepted;
    this.socket = socket;
    this.options = options;
    this.peer = addressOf(socket);
    this.output = new Output(socket);
    this.progress = new WriteProgress(socket, this.output);
    socket.setNoDelay(true);
    if (moved === undefined) socket.on('data', (chunk: Buffer) => this.onData(chunk)).resume();
    socket.on('drain', () => this.goOn());
    socket.on('error', () => this.cut());
    socket.on('end', () => this.onEnd());
    socket.on('close', () => this.cut());
  }

  private onData(bytes: Buffer): void {
    if (this.closed) return;
    if (this.held === undefined) this.take(bytes);
    else this.hold(bytes);
  }

  private take(bytes: Buffer): void {
    this.taking = true;
    let at = 0;
    try {
      while (at < bytes.length && !this.closed) {
        if (!this.ready()) {
          this.hold(bytes.subarray(at));
          break;
        }
        at = this.request === undefined ? this.takeHead(bytes, at) : this.request.take(bytes, at);
        this.finishRequest();
      }
    } catch (error) {
      this.refuse(error);
    }
    this.taking = false;
    this.readOn();
  }

  /** Somebody can take the next byte. */
  private ready(): boolean {
    const { request } = this;
    if (request === undefined) return this.output.pending <= this.options.limits.maxOutputBytes;
    return !request.ended && request.flowing;
  }

  private takeHead(bytes: Buffer, from: number): number {
    const { heads } = this;
    if (!heads.begun) this.since = Date.now();
    const at = heads.read(bytes, from);
    const { head } = heads;
    if (head === undefined) return at;
    heads.head = undefined;
    this.served++;
    const request = new LeanRequest(this, head, this.since);
    this.request = request;
    this.options.service.take(request);
    return at;
  }

  private hold(bytes: Buffer): void {
    this.held = this.held === undefined ? Buffer.from(bytes) : Buffer.concat([this.held, bytes]);
    this.socket.pause();
  }

  goOn(): void {
    if (this.taking || this.closed) return;
    const { held } = this;
    if (held !== undefined && this.ready()) {
      this.held = undefined;
      this.take(held);
    } else this.readOn();
  }

  private readOn(): void {
    if (this.held === undefined && !this.paused && !this.closed && this.socket.isPaused()) this.socket.resume();
  }

  pause(): void {
    this.paused = true;
    this.socket.pause();
  }

  resume(): void {
    this.paused = false;
    this.readOn();
  }

  sendContinue(): void {
    if (!this.closed) this.output.latin1(continueLine);
  }

  send(request: LeanRequest, answer: Answer): void {
    if (this.closed || this.request !== request) return;
    const last = answer.last || this.draining || this.peerEnded || !request.head.keepAlive || request.broken;
    this.options.writer.write(
      this.output,
      last === answer.last ? answer : { ...answer, last },
      request.method === 'HEAD',
    );
    request.answered = true;
    this.paused = false;
    this.since = Date.now();
    if (last) this.end();
    else if (!this.taking) {
      this.finishRequest();
      this.goOn();
    }
  }

  /** The next request may come when this one is answered and whole. */
  private finishRequest(): void {
    const { request } = this;
    if (request?.answered === true && request.ended) this.request = undefined;
  }

  /** Ends the connection over bytes that are no request. */
  private refuse(error: unknown): void {
    const { request } = this;
    if (!this.closed && (request === undefined || !request.answered)) {
      this.options.writer.write(this.output, this.options.service.refusal(error), false);
    }
    this.end();
  }

  private onEnd(): void {
    this.peerEnded = true;
    const { request } = this;
    if (this.closed) this.socket.destroySoon();
    else if (request === undefined) this.end();
    else if (!request.ended && request.answered) this.end();
    else if (!request.ended) this.lose(request);
  }

  private lose(request: LeanRequest): void {
    request.fail(new GoneError('the sender closed the connection'));
    this.cut();
  }

  /** Closes after what is written has gone out. What still comes is thrown away for a while, so that the peer reads its answer. */
  private end(): void {
    if (this.closed) return;
    this.closed = true;
    this.since = Date.now();
    this.held = undefined;
    this.output.flush();
    this.socket.end();
    if (this.socket.isPaused()) this.socket.resume();
  }

  cut(): void {
    this.closed = true;
    this.held = undefined;
    this.socket.destroy();
    const { request } = this;
    this.request = undefined;
    if (request !== undefined && !request.ended) request.fail(new GoneError('the sender closed the connection'));
  }

  drain(): void {
    this.draining = true;
    if (this.request === undefined && !this.heads.begun) this.end();
  }

  sweep(now: number): void {
    const { limits } = this.options;
    const { request } = this;
    if (this.progress.waited(now) > limits.writeStall) this.cut();
    else if (this.closed) {
      if (now - this.since > limits.closeGrace && this.output.pending === 0) this.socket.destroy();
    } else if (request === undefined) this.sweepBetween(now);
    else if (request.answered) {
      if (now - this.since > limits.discardTime) this.end();
    } else this.sweepRequest(request, now);
  }

  private sweepBetween(now: number): void {
    const { headTime, idleTime } = this.options.limits;
    const waited = now - this.since;
    if (this.held !== undefined) return;
    if (this.heads.begun) {
      if (headTime > 0 && waited > headTime) this.refuse(new HttpFault(408, 'the request did not come in time'));
      return;
    }
    const most = this.served > 0 || headTime === 0 ? idleTime : headTime;
    if (most > 0 && waited > most) this.end();
  }

  private sweepRequest(request: LeanRequest, now: number): void {
    const { wholeTime, writeTime } = this.options.limits;
    const waited = now - request.startedAt;
    if (writeTime > 0 && waited > writeTime) this.cut();
    else if (wholeTime > 0 && waited > wholeTime && !request.ended && request.flowing)
      request.break(new HttpFault(408, 'the body did not come in time'));
  }
}

function addressOf({ remoteAddress, remotePort }: Socket): string {
  return remoteAddress === undefined || remotePort === undefined ? 'unix' : hostPort(remoteAddress, remotePort);
}
