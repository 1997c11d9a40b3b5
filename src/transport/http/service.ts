import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticated, HttpRoute, HttpServerOptions, Logger } from '../../plugin/index.ts';
import { authenticate } from '../authenticate.ts';
import { CompressionError, isIdentity, isKnown } from '../compression/index.ts';
import type { Surroundings } from '../surroundings.ts';
import { BusyError, GoneError, readBody } from './body.ts';
import { createCors, type Cors } from './cors.ts';
import { Exchange, type ExchangeOptions } from './exchange.ts';
import { ReadRequest } from './request.ts';

/** What is read and thrown away of a request that was refused for anything but its size. */
const smallAllowance = 1024 * 1024;

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
      clock: surroundings.clock,
      headers: Object.fromEntries(headers) as Record<string, string>,
    };
  }

  /** Never rejects: whatever goes wrong is answered, or the connection is cut. */
  async answer(message: IncomingMessage, response: ServerResponse, expecting: boolean): Promise<void> {
    const exchange = new Exchange(message, response, expecting, this.exchangeOptions);
    const timer = this.limitWriting(exchange);
    if (!this.keepAlive || this.closing) exchange.addHeaders({ connection: 'close' });
    try {
      await this.serve(exchange);
    } catch (error) {
      this.fail(exchange, error);
    } finally {
      timer?.cancel();
    }
  }

  private async serve(exchange: Exchange): Promise<void> {
    if (this.answerCors(exchange)) return;
    const who = this.options.auth === undefined ? {} : await this.admit(exchange);
    if (who === undefined) return;
    const route = this.route(exchange);
    if (route === undefined) return;
    const encoding = this.checkContent(exchange, route);
    if (encoding === undefined) return;
    const { limit } = this;
    const begin = (): void => exchange.wantBody();
    const body = await readBody(exchange.message, { encoding, limit, hold: exchange.hold, begin });
    const answer = await route.handler(new ReadRequest(exchange.head, who, body));
    if (this.closing) exchange.addHeaders({ connection: 'close' });
    exchange.send(answer);
  }

  /** True where the request was a preflight and is answered. */
  private answerCors(exchange: Exchange): boolean {
    const { cors } = this;
    const { origin, 'access-control-request-method': method } = exchange.message.headers;
    if (cors === undefined || origin === undefined) return false;
    const granted = cors.forOrigin(origin);
    if (granted !== undefined) exchange.addHeaders(granted);
    if (exchange.head.method !== 'OPTIONS' || method === undefined) return false;
    if (granted === undefined) {
      exchange.refuse(403, `origin ${origin} may not send here`, {}, 0);
      return true;
    }
    const methods = (this.routes.get(exchange.head.path) ?? []).map((route) => route.method).join(', ');
    const requested = exchange.message.headers['access-control-request-headers'] ?? '';
    exchange.send({ status: 204, headers: cors.preflight(methods, requested) });
    return true;
  }

  private async admit(exchange: Exchange): Promise<Authenticated | undefined> {
    const { auth } = this.options;
    if (auth === undefined) return {};
    const admission = await authenticate(auth, exchange.head.facts(), this.surroundings.logger);
    if ('who' in admission) return admission.who;
    if (admission.refused === 'unauthenticated') {
      exchange.refuse(401, admission.message, { 'www-authenticate': auth.challenge }, smallAllowance);
    } else if (admission.refused === 'forbidden') {
      exchange.refuse(403, admission.message, {}, smallAllowance);
    } else {
      exchange.refuse(503, admission.message, { 'retry-after': '1' }, smallAllowance);
    }
    return undefined;
  }

  private route(exchange: Exchange): HttpRoute | undefined {
    const { method, path } = exchange.head;
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
    const { head, message } = exchange;
    const types = route.contentTypes;
    if (types !== undefined && !types.includes(head.contentType)) {
      const found = head.contentType === '' ? 'none' : `"${head.contentType.slice(0, 100)}"`;
      exchange.refuse(415, `content type: expected ${types.join(' or ')}, found ${found}`, {}, smallAllowance);
      return undefined;
    }
    if (types !== undefined && !textIsUtf8(message.headers['content-type'])) {
      exchange.refuse(415, 'content type: expected charset utf-8', {}, smallAllowance);
      return undefined;
    }
    const encoding = (message.headers['content-encoding'] ?? '').trim().toLowerCase();
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
    const { limit } = this;
    if (error instanceof GoneError) exchange.cut();
    else if (error instanceof CompressionError) exchange.refuse(statusOf[error.fault], error.message, {}, 2 * limit);
    else if (error instanceof BusyError) exchange.refuse(503, error.message, { 'retry-after': '1' }, limit);
    else {
      const reason = error instanceof Error ? error.stack : String(error);
      this.surroundings.logger.error({ path: exchange.head.path, error: reason }, 'request handler failed');
      exchange.refuse(500, 'internal error', {}, smallAllowance);
    }
  }

  private limitWriting(exchange: Exchange): { cancel(): void } | undefined {
    const { write_timeout: timeout } = this.options.config;
    return timeout > 0 ? this.surroundings.clock.after(timeout, () => exchange.cut()) : undefined;
  }
}

function textIsUtf8(contentType = ''): boolean {
  const charset = /;\s*charset=["']?(?<name>[^;"']*)/i.exec(contentType)?.groups?.['name']?.trim().toLowerCase();
  return charset === undefined || ['', 'utf-8', 'utf8', 'us-ascii'].includes(charset);
}

function knownEncodings(names: readonly string[], logger: Logger): string[] {
  const unknown = names.filter((name) => !isKnown(name));
  if (unknown.length > 0)
    logger.warn({ unknown }, 'compression_algorithms: these encodings are not there and will be refused');
  return names.filter((name) => isKnown(name) && !isIdentity(name));
}
