import type { TLSSocket } from 'node:tls';
import { subjectOf } from '../../authenticate.ts';
import { HttpFault, type Answer, type BodySink, type Incoming } from '../incoming.ts';
import { Chunks } from './chunks.ts';
import type { Head } from './head.ts';

/** The connection as one of its requests sees it. */
export interface RequestConnection {
  readonly peer: string;
  readonly socket: object;
  sendContinue(): void;
  /** Throws where the answer cannot be written. */
  send(request: LeanRequest, answer: Answer): void;
  /** Takes up what came meanwhile. */
  goOn(): void;
  pause(): void;
  resume(): void;
  cut(): void;
}

/** One request on a connection of ours. */
export class LeanRequest implements Incoming {
  readonly head: Head;
  readonly startedAt: number;
  readonly method: string;
  readonly target: string;
  readonly length: number | undefined;
  readonly peer: string;
  expecting: boolean;
  answered = false;
  /** All of it is there, or the rest does not come. */
  ended: boolean;
  /** Nobody knows where the next request would begin. */
  broken = false;
  private readonly connection: RequestConnection;
  private readonly chunks: Chunks | undefined;
  private left: number;
  private sink: BodySink | undefined;
  private allowance = 0;

  constructor(connection: RequestConnection, head: Head, startedAt: number) {
    this.connection = connection;
    this.head = head;
    this.startedAt = startedAt;
    this.method = head.method;
    this.target = head.target;
    this.length = head.length;
    this.peer = connection.peer;
    this.expecting = head.expecting;
    this.left = head.length ?? 0;
    this.chunks = head.length === undefined ? new Chunks() : undefined;
    this.ended = head.length === 0;
  }

  /** Body bytes have somewhere to go. */
  get flowing(): boolean {
    return this.sink !== undefined || this.answered;
  }

  header(name: string): string | undefined {
    return this.head.value(name);
  }

  headers(): ReadonlyMap<string, readonly string[]> {
    return this.head.map();
  }

  certificateSubject(): string | undefined {
    const socket = this.connection.socket as TLSSocket;
    return socket.encrypted && socket.authorized ? subjectOf(socket.getPeerCertificate()) : undefined;
  }

  read(sink: BodySink): void {
    this.sink = sink;
    if (this.expecting) {
      this.expecting = false;
      this.connection.sendContinue();
    }
    this.connection.goOn();
  }

  pause(): void {
    if (!this.ended) this.connection.pause();
  }

  resume(): void {
    this.connection.resume();
  }

  answer(answer: Answer): void {
    if (this.answered) return;
    this.allowance = answer.allowance;
    this.connection.send(this, this.ended || !this.tooMuchComes(answer) ? answer : { ...answer, last: true });
  }

  cut(): void {
    this.connection.cut();
  }

  /** Takes body bytes from `from` on: the place after them. Throws HttpFault where they are refused and nobody can be told. */
  take(bytes: Buffer, from: number): number {
    const at = this.chunks === undefined ? this.takePlain(bytes, from) : this.takeChunks(this.chunks, bytes, from);
    if (this.ended && !this.answered) this.sink?.end();
    return at;
  }

  /** The rest of the body will not come. */
  fail(error: Error): void {
    this.ended = true;
    if (!this.answered) this.sink?.fail(error);
  }

  /** The connection cannot go on after the answer. */
  break(error: HttpFault): void {
    this.broken = true;
    this.fail(error);
  }

  private tooMuchComes(answer: Answer): boolean {
    // Who was not asked for the body may still send it, or the next request.
    return this.expecting || this.left > answer.allowance;
  }

  private takePlain(bytes: Buffer, from: number): number {
    const to = Math.min(from + this.left, bytes.length);
    this.left -= to - from;
    this.ended = this.left === 0;
    this.data(bytes.subarray(from, to));
    return to;
  }

  private takeChunks(chunks: Chunks, bytes: Buffer, from: number): number {
    try {
      const at = chunks.read(bytes, from, (piece) => this.data(piece));
      this.ended = chunks.ended;
      return at;
    } catch (error) {
      if (!(error instanceof HttpFault) || this.answered) throw error;
      this.break(error);
      return bytes.length;
    }
  }

  private data(piece: Buffer): void {
    if (!this.answered) this.sink?.piece(piece, false);
    else {
      this.allowance -= piece.length;
      if (this.allowance < 0) throw new HttpFault(413, 'more of a refused body than is taken');
    }
  }
}
