import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Dispatcher } from 'undici';
import {
  RetryableError,
  type HttpClient,
  type HttpClientConfig,
  type HttpClientOptions,
  type HttpClientResponse,
} from '../../plugin/index.ts';
import { compress, isIdentity, levelFault } from '../compression/index.ts';
import { authorized } from '../credentials.ts';
import type { Surroundings } from '../surroundings.ts';
import { clientTls, type ClientTlsSource } from '../tls/client.ts';
import { hasFiles } from '../tls/material.ts';
import { dispatch } from './dispatch.ts';
import { bodyOf } from './once-body.ts';
import { readResponse } from './response.ts';
import { parseHttpTarget, withoutCredentials, type HttpTarget } from './target.ts';

type Request = Parameters<HttpClient['request']>[0];

const defaultMaxResponse = 64 * 1024;

/** An HTTP client. Throws an Error that names the option at fault; the library behind it is loaded with the first request. */
export function createHttpClient(options: HttpClientOptions, surroundings: Surroundings): HttpClient {
  const { config } = options;
  const fault = levelFault(config.compression, config.compression_params?.level);
  if (fault !== undefined) throw new Error(fault);
  checkProxy(config.proxy_url);
  return new PooledHttpClient(options, surroundings, fixedHeaders(config));
}

function checkProxy(url: string | undefined): void {
  if (url === undefined || /^(?:https?|socks5?):$/.test(URL.parse(url)?.protocol ?? '')) return;
  throw new Error(`proxy_url: expected http://host:port, found "${withoutCredentials(url)}"`);
}

function fixedHeaders(config: HttpClientConfig): Readonly<Record<string, string>> {
  const headers = Object.entries(config.headers).map(([name, value]): [string, string] => {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value.reveal());
    } catch {
      throw new Error(`headers: "${name}" is no valid header, or its value holds characters that headers cannot`);
    }
    return [name.toLowerCase(), value.reveal()];
  });
  return Object.fromEntries(headers);
}

class PooledHttpClient implements HttpClient {
  private readonly options: HttpClientOptions;
  private readonly surroundings: Surroundings;
  private readonly headers: Readonly<Record<string, string>>;
  private readonly connections = new Map<string, Dispatcher>();
  private tls: ClientTlsSource | undefined;
  private unwatch: (() => void) | undefined;
  private latest: { readonly url: string; readonly target: HttpTarget } | undefined;

  constructor(options: HttpClientOptions, surroundings: Surroundings, headers: Readonly<Record<string, string>>) {
    this.options = options;
    this.surroundings = surroundings;
    this.headers = headers;
    // Broken certificate files are a fault of the configuration, to be told at the start.
    if (hasFiles(options.config.tls)) this.tlsSource();
  }

  async request(request: Request): Promise<HttpClientResponse> {
    const { config, auth, maxResponseBytes } = this.options;
    const limit = maxResponseBytes ?? defaultMaxResponse;
    const target = this.target(request.url);
    const plain: Record<string, string> = {
      'user-agent': 'sluice',
      ...(target.authorization !== undefined && { authorization: target.authorization }),
      ...lowerCased(request.headers ?? {}),
      ...this.headers,
    };
    const headers =
      auth === undefined ? plain : Object.fromEntries(await authorized(auth, new Map(Object.entries(plain)), request));
    let { body } = request;
    if (body !== undefined && !isIdentity(config.compression)) {
      body = await compress(body, config.compression, config.compression_params?.level);
      // Both names mean zlib's format; `deflate` is the registered one.
      headers['content-encoding'] = config.compression === 'zlib' ? 'deflate' : config.compression;
    }
    if (body !== undefined) headers['content-length'] = String(body.length);
    const send = async (): Promise<HttpClientResponse> => {
      const dispatcher = await this.dispatcher(target);
      const answer = await dispatch(
        dispatcher,
        {
          origin: target.socketPath === undefined ? target.origin : 'http://localhost',
          path: target.path,
          method: request.method ?? 'POST',
          headers,
          body: bodyOf(body),
        },
        limit,
        request.signal,
      );
      return readResponse(answer, limit, this.surroundings.clock.now());
    };
    try {
      return await send().catch((error: unknown) =>
        isStale(error) && !request.signal.aborted ? send() : Promise.reject(error),
      );
    } catch (error) {
      throw unanswered(error, target, request.signal);
    }
  }

  /** Most clients ask for the same URL again and again. */
  private target(url: string): HttpTarget {
    if (this.latest?.url !== url) this.latest = { url, target: parseHttpTarget(url) };
    return this.latest.target;
  }

  async close(): Promise<void> {
    this.unwatch?.();
    await this.closeConnections();
  }

  private async dispatcher(target: HttpTarget): Promise<Dispatcher> {
    const kept = this.connections.get(target.origin);
    if (kept !== undefined) return kept;
    const { openConnections } = await import('./connections.ts');
    const opening = this.connections.get(target.origin);
    if (opening !== undefined) return opening;
    const tls = target.origin.startsWith('https:') ? this.tlsSource().current() : undefined;
    const opened = openConnections(target, this.options.config, tls);
    this.connections.set(target.origin, opened);
    return opened;
  }

  private tlsSource(): ClientTlsSource {
    if (this.tls !== undefined) return this.tls;
    this.tls = clientTls(this.options.config.tls, this.surroundings);
    // What is under way ends on the old connections; the next request makes new ones.
    this.unwatch = this.tls.watch(() => void this.closeConnections());
    return this.tls;
  }

  private async closeConnections(): Promise<void> {
    const open = [...this.connections.values()];
    this.connections.clear();
    await Promise.all(open.map((dispatcher) => dispatcher.close()));
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name in headers) result[name.toLowerCase()] = headers[name] as string;
  return result;
}

/** A kept connection that had answered before and was closed just when it was used again: worth a new one at once. */
function isStale(error: unknown): boolean {
  const { code, socket } = error as { code?: string; socket?: { bytesRead?: number } };
  return code === 'UND_ERR_SOCKET' && (socket?.bytesRead ?? 0) > 0;
}

function unanswered(error: unknown, target: HttpTarget, signal: AbortSignal): RetryableError {
  if (signal.aborted) return new RetryableError(`${target.origin}: no answer in time`, { cause: error });
  const { message, code } = error as NodeJS.ErrnoException;
  const detail = message === '' ? (code ?? 'connection failed') : message;
  return new RetryableError(`${target.origin}: ${detail}`, { cause: error });
}
