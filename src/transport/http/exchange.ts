import type { HttpResponse, HttpServerOptions } from '../../plugin/index.ts';
import type { InflightBytes } from '../inflight.ts';
import { Hold } from './hold.ts';
import type { Incoming } from './incoming.ts';
import { ServedRequest } from './request.ts';

/** What is read and thrown away of a request that was refused for anything but its size. */
export const smallAllowance = 1024 * 1024;

export interface ExchangeOptions {
  readonly errorBody: HttpServerOptions['errorBody'];
  readonly inflight: InflightBytes;
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
}

type Headers = Readonly<Record<string, string>>;

const none: Headers = {};

/** One request and its answer. */
export class Exchange {
  readonly incoming: Incoming;
  readonly request: ServedRequest;
  readonly hold: Hold;
  /** The connection ends with the answer. */
  last = false;
  private readonly options: ExchangeOptions;
  private headers: Headers | undefined;

  constructor(incoming: Incoming, options: ExchangeOptions) {
    this.incoming = incoming;
    this.options = options;
    this.request = new ServedRequest(incoming);
    this.hold = new Hold(options.inflight);
  }

  /** Headers for the answer, whatever it will be. */
  addHeaders(headers: Headers): void {
    this.headers = { ...this.headers, ...headers };
  }

  /** Answers before the body was read. At most `allowance` bytes of it are read and thrown away. */
  refuse(status: number, message: string, headers: Headers, allowance: number): void {
    // Whoever asked first may keep the body to itself: the next bytes on the connection could be anything.
    if (this.incoming.expecting) this.last = true;
    this.send({ status, headers, body: message }, allowance);
  }

  /** Answers. A text in an error's body, or none, is put into the form of `errorBody`; bytes are sent as they are. */
  send(answer: HttpResponse, allowance = smallAllowance): void {
    this.hold.release();
    const { incoming, last } = this;
    if (incoming.answered) return;
    const formed = formError(answer, this.request.contentType, this.options.errorBody);
    const headers = this.headers === undefined ? formed.headers : { ...this.headers, ...formed.headers };
    const all = withFixed(this.options.headers, headers ?? none);
    incoming.answer({ status: formed.status, headers: all, body: formed.body ?? '', last, allowance });
  }

  cut(): void {
    this.hold.release();
    this.incoming.cut();
  }
}

/** What an error is sent as; any other answer is as it was. */
export function formError(
  answer: HttpResponse,
  requestContentType: string,
  errorBody: HttpServerOptions['errorBody'],
): HttpResponse {
  const { status, body = '' } = answer;
  if (status < 400 || typeof body !== 'string') return answer;
  const formed = errorBody?.(status, body, requestContentType);
  const contentType = formed?.contentType ?? 'text/plain; charset=utf-8';
  return { status, headers: { 'content-type': contentType, ...answer.headers }, body: formed?.body ?? body };
}

export function withFixed(fixed: Headers, headers: Headers): Headers {
  for (const _name in fixed) return { ...fixed, ...headers };
  return headers;
}
