import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock, HttpResponse, HttpServerOptions } from '../../plugin/index.ts';
import type { InflightBytes } from '../inflight.ts';
import { declaredLength, Hold } from './body.ts';
import { drain } from './drain.ts';
import { RequestHead } from './request.ts';

export interface ExchangeOptions {
  readonly errorBody: HttpServerOptions['errorBody'];
  readonly inflight: InflightBytes;
  readonly clock: Clock;
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
}

/** One request and its answer. */
export class Exchange {
  readonly message: IncomingMessage;
  readonly head: RequestHead;
  readonly hold: Hold;
  private readonly response: ServerResponse;
  private readonly options: ExchangeOptions;
  private headers: Record<string, string>;
  /** The sender waits for `100 Continue` before it sends the body. */
  private expecting: boolean;

  constructor(message: IncomingMessage, response: ServerResponse, expecting: boolean, options: ExchangeOptions) {
    this.message = message;
    this.response = response;
    this.expecting = expecting;
    this.options = options;
    this.headers = { ...options.headers };
    this.head = new RequestHead(message);
    this.hold = new Hold(options.inflight);
    // Without listeners, a connection that breaks would end the process.
    message.on('error', () => {});
    response.on('error', () => {});
  }

  get answered(): boolean {
    return this.response.headersSent || this.response.destroyed;
  }

  addHeaders(headers: Readonly<Record<string, string>>): void {
    Object.assign(this.headers, headers);
  }

  /** Lets a sender that asked first send its body now. */
  wantBody(): void {
    if (!this.expecting) return;
    this.expecting = false;
    this.response.writeContinue();
  }

  /** Answers before the body was read. At most `allowance` bytes of it are read and thrown away. */
  refuse(status: number, message: string, headers: Readonly<Record<string, string>>, allowance: number): void {
    const bodyIsComing = !this.message.complete && declaredLength(this.message) !== 0;
    // Whoever asked first may keep the body to itself: the next bytes on the connection could be anything.
    if (this.expecting) this.headers['connection'] = 'close';
    this.send({ status, headers, body: message });
    if (bodyIsComing && !this.expecting) drain(this.message, allowance, this.options.clock);
  }

  /** Answers. A text in an error's body, or none, is put into the form of `errorBody`; bytes are sent as they are. */
  send(answer: HttpResponse): void {
    this.hold.release();
    if (this.answered) return;
    const { status } = answer;
    const headers: Record<string, string | number> = { ...this.headers, ...answer.headers };
    let body = answer.body ?? '';
    if (status >= 400 && typeof body === 'string') {
      const formed = this.options.errorBody?.(status, body, this.head.contentType);
      headers['content-type'] ??= formed?.contentType ?? 'text/plain; charset=utf-8';
      body = formed?.body ?? body;
    }
    if (status !== 204 && status !== 304) headers['content-length'] = Buffer.byteLength(body);
    this.response.writeHead(status, headers);
    // Even an empty chunk would be written by itself, which doubles the cost of a request.
    if (body.length === 0) this.response.end();
    else this.response.end(body);
  }

  cut(): void {
    this.hold.release();
    this.message.socket.destroy();
  }
}
