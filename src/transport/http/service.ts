import type { HttpResponse, HttpRoute, HttpServerOptions, Logger } from '../../plugin/index.ts';
import { authenticate, type Admission } from '../authenticate.ts';
import { CompressionError, isIdentity, isKnown } from '../compression/index.ts';
import type { Surroundings } from '../surroundings.ts';
import { readBody } from './body.ts';
import { createCors, type Cors } from './cors.ts';
import { Exchange, formError, smallAllowance, withFixed, type ExchangeOptions } from './exchange.ts';
import { BusyError } from './hold.ts';
import { GoneError, HttpFault, type Answer, type Incoming } from './incoming.ts';

/** What OTLP recommends; a limit of 0 means the default to the Collector, and never no limit. */
const recommendedLimit = 64 * 1024 * 1024;

const statusOf = { too_large: 413, malformed: 400, unsupported: 415 } as const;

/** Answers requests: who may send, what goes where, and how long it may be. Knows nothing of sockets. */
export class HttpService {
  private readonly options: HttpServerOptions;
  private readonly surroundings: Surroundings;
  private readonly routes = new Map<string, HttpRoute[]>();
  private readonly encodings: ReadonlySet<string>;
  private readonly cors: Cors | undefined;
  private readonly exchangeOptions: ExchangeOptions;
  private readonly keepAlive: boolean;
  private readonly limit: number;
  /** Every answer ends its connection. */
  closing = false;

  constructor(options: HttpServerOptions, surroundings: Surroundings) {
    const { config } = options;
    this.options = options;
    this.surroundings = surroundings;
    this.keepAlive = config.keep_alives_enabled;
    this.limit = config.max_request_body_size || recommendedLimit;
    for (const route of options.routes) this.routes.set(route.path, [...(this.routes.get(route.path) ?? []), route]);
    this.encodings = new Set(knownEncodings(config.compression_algorithms, surroundings.logger));
    this.cors = createCors(config.cors);
    const headers = Object.entries(config.response_headers).map(([name, value]) => [
      name.toLowerCase(),
      value.reveal(),
    ]);
    this.exchangeOptions = {
      errorBody: options.errorBody,
      inflight: surroundings.inflight,
      headers: Object.fromEntries(headers) as Record<string, string>,
    };
  }

  /** Takes a request whose head is there. Never throws: whatever goes wrong is answered, or the connection is cut. */
  take(incoming: Incoming): void {
    const exchange = new Exchange(incoming, this.exchangeOptions);
    exchange.last = !this.keepAlive || this.closing;
    try {
      if (this.answerCors(exchange)) return;
      const { auth } = this.options;
      if (auth === undefined) this.admitted(exchange);
      else void this.admit(exchange);
    } catch (error) {
      this.fail(exchange, error);
    }
  }

  /** The answer to what is no request at all, by its fault. */
  refusal(error: unknown): Answer {
    const { status, message } = error instanceof HttpFault ? error : this.unexpected(error);
    const { errorBody, headers } = this.exchangeOptions;
    const formed = formError({ status, body: message }, '', errorBody);
    return {
      status,
      headers: withFixed(headers, formed.headers ?? {}),
      body: formed.body ?? '',
      last: true,
      allowance: 0,
    };
  }

  private async admit(exchange: Exchange): Promise<void> {
    const { auth } = this.options;
    if (auth === undefined) return;
    try {
      const admission = await authenticate(auth, exchange.request.facts(), this.surroundings.logger);
      if ('who' in admission) {
        const { identity, tenant } = admission.who;
        if (identity !== undefined) exchange.request.identity = identity;
        if (tenant !== undefined) exchange.request.tenant = tenant;
        this.admitted(exchange);
      } else this.refuseSender(exchange, admission, auth.challenge);
    } catch (error) {
      this.fail(exchange, error);
    }
  }

  private refuseSender(
    exchange: Exchange,
    { refused, message }: Extract<Admission, { readonly refused: string }>,
    challenge: string,
  ): void {
    if (refused === 'unauthenticated') {
      exchange.refuse(401, message, { 'www-authenticate': challenge }, smallAllowance);
    } else if (refused === 'forbidden') {
      exchange.refuse(403, message, {}, smallAllowance);
    } else {
      exchange.refuse(503, message, { 'retry-after': '1' }, smallAllowance);
    }
  }

  private admitted(exchange: Exchange): void {
    const route = this.route(exchange);
    if (route === undefined) return;
    const encoding = this.checkContent(exchange, route);
    if (encoding === undefined) return;
    const { limit } = this;
    readBody(exchange.incoming, { encoding, limit, hold: exchange.hold }, (body, error) => {
      if (body === undefined) this.fail(exchange, error);
      else this.handle(exchange, route, body);
    });
  }

  private handle(exchange: Exchange, route: HttpRoute, body: Uint8Array): void {
    exchange.request.body = body;
    try {
      const answer = route.handler(exchange.request);
      if (!(answer instanceof Promise)) this.send(exchange, answer);
      else {
        answer.then(
          (found) => this.send(exchange, found),
          (error: unknown) => this.fail(exchange, error),
        );
      }
    } catch (error) {
      this.fail(exchange, error);
    }
  }

  private send(exchange: Exchange, answer: HttpResponse): void {
    try {
      exchange.last ||= this.closing;
      exchange.send(answer);
    } catch (error) {
      this.fail(exchange, error);
    }
  }

  /** True where the request was a preflight and is answered. */
  private answerCors(exchange: Exchange): boolean {
    const { cors } = this;
    if (cors === undefined) return false;
    const { incoming, request } = exchange;
    const origin = incoming.header('origin');
    if (origin === undefined) return false;
    const granted = cors.forOrigin(origin);
    if (granted !== undefined) exchange.addHeaders(granted);
    if (request.method !== 'OPTIONS' || incoming.header('access-control-request-method') === undefined) return false;
    if (granted === undefined) {
      exchange.refuse(403, `origin ${origin} may not send here`, {}, 0);
      return true;
    }
    const methods = (this.routes.get(request.path) ?? []).map((route) => route.method).join(', ');
    const requested = incoming.header('access-control-request-headers') ?? '';
    this.send(exchange, { status: 204, headers: cors.preflight(methods, requested) });
    return true;
  }

  private route(exchange: Exchange): HttpRoute | undefined {
    const { method, path } = exchange.request;
    const here = this.routes.get(path);
    if (here === undefined) {
      exchange.refuse(404, `nothing at ${path.slice(0, 200)}`, {}, smallAllowance);
      return undefined;
    }
    const found = here.find((route) => route.method === method || (method === 'HEAD' && route.method === 'GET'));
    if (found === undefined) {
      const allow = here.map((route) => route.method).join(', ');
      exchange.refuse(405, `${path} takes ${allow}, found ${method}`, { allow }, smallAllowance);
    }
    return found;
  }

  /** The content encoding; undefined where the request is refused for what it brings. */
  private checkContent(exchange: Exchange, route: HttpRoute): string | undefined {
    const { incoming, request } = exchange;
    const types = route.contentTypes;
    if (types !== undefined && !types.includes(request.contentType)) {
      const found = request.contentType === '' ? 'none' : `"${request.contentType.slice(0, 100)}"`;
      exchange.refuse(415, `content type: expected ${types.join(' or ')}, found ${found}`, {}, smallAllowance);
      return undefined;
    }
    if (types !== undefined && !textIsUtf8(incoming.header('content-type'))) {
      exchange.refuse(415, 'content type: expected charset utf-8', {}, smallAllowance);
      return undefined;
    }
    const encoding = (incoming.header('content-encoding') ?? '').trim().toLowerCase();
    if (isIdentity(encoding) || this.encodings.has(encoding)) return encoding;
    const taken = [...this.encodings].join(', ');
    exchange.refuse(
      415,
      `content encoding: expected ${taken}, found "${encoding.slice(0, 100)}"`,
      { 'accept-encoding': taken },
      smallAllowance,
    );
    return undefined;
  }

  private fail(exchange: Exchange, error: unknown): void {
    exchange.last ||= this.closing;
    try {
      this.refuseAfter(exchange, error);
    } catch {
      exchange.cut();
    }
  }

  private refuseAfter(exchange: Exchange, error: unknown): void {
    const { limit } = this;
    if (error instanceof GoneError) exchange.cut();
    else if (error instanceof HttpFault) exchange.refuse(error.status, error.message, {}, 0);
    else if (error instanceof CompressionError) exchange.refuse(statusOf[error.fault], error.message, {}, 2 * limit);
    else if (error instanceof BusyError) exchange.refuse(503, error.message, { 'retry-after': '1' }, limit);
    else {
      const { status, message } = this.unexpected(error, exchange.request.path);
      exchange.refuse(status, message, {}, smallAllowance);
    }
  }

  /** What went wrong is for the log alone. */
  private unexpected(error: unknown, path = ''): { readonly status: number; readonly message: string } {
    const reason = error instanceof Error ? error.stack : String(error);
    this.surroundings.logger.error({ path, error: reason }, 'request handler failed');
    return { status: 500, message: 'internal error' };
  }
}

function textIsUtf8(contentType = ''): boolean {
  if (!contentType.includes(';')) return true;
  const charset = /;\s*charset=["']?(?<name>[^;"']*)/i.exec(contentType)?.groups?.['name']?.trim().toLowerCase();
  return charset === undefined || ['', 'utf-8', 'utf8', 'us-ascii'].includes(charset);
}

function knownEncodings(names: readonly string[], logger: Logger): string[] {
  const unknown = names.filter((name) => !isKnown(name));
  if (unknown.length > 0)
    logger.warn({ unknown }, 'compression_algorithms: these encodings are not there and will be refused');
  return names.filter((name) => isKnown(name) && !isIdentity(name));
}
