import http, { type Server, type ServerOptions } from 'node:http';
import type { HttpServerConfig, HttpServerOptions, Listener } from '../../plugin/index.ts';
import { isLocal, parseListenAddress } from '../listen/address.ts';
import { bind } from '../listen/bind.ts';
import { warnIfOpen } from '../listen/warn.ts';
import { rarely } from '../rarely.ts';
import type { Surroundings } from '../surroundings.ts';
import { serverTls } from '../tls/server.ts';
import { HttpService } from './service.ts';
import { nodeHttps } from '../tls/node.ts';

const maxHeaderSize = 16 * 1024;

/** Starts an HTTP or HTTPS server. Rejects with an Error that names the option or the address at fault. */
export async function serveHttp(options: HttpServerOptions, surroundings: Surroundings): Promise<Listener> {
  const { config } = options;
  const address = parseListenAddress(config.endpoint);
  const service = new HttpService(options, surroundings);
  const { server, release } = createServer(config, surroundings);
  server.maxConnections = config.max_connections;
  server.on('request', (message, response) => void service.answer(message, response, false));
  server.on('checkContinue', (message, response) => void service.answer(message, response, true));
  const bound = await bind(server, address).catch((error: unknown) => {
    release();
    throw error;
  });
  report(server, bound, surroundings);
  if (!isLocal(address)) warnIfOpen(surroundings.logger, bound, config.tls !== undefined, options.auth !== undefined);
  return {
    address: bound,
    close(deadline) {
      release();
      service.closing = true;
      return close(server, deadline, surroundings);
    },
  };
}

function createServer(
  config: HttpServerConfig,
  surroundings: Surroundings,
): { readonly server: Server; readonly release: () => void } {
  if (config.tls === undefined) return { server: http.createServer(limits(config)), release() {} };
  const tls = serverTls(config.tls, surroundings);
  const server = nodeHttps().createServer({ ...limits(config), ...tls.options, ALPNProtocols: ['http/1.1'] });
  return { server, release: tls.watch((fresh) => server.setSecureContext(fresh)) };
}

function limits(config: HttpServerConfig): ServerOptions {
  const { read_timeout: whole, read_header_timeout: headers, idle_timeout: idle } = config;
  const headersTimeout = whole > 0 && (headers === 0 || headers > whole) ? whole : headers;
  const shortest = Math.min(...[whole, headersTimeout].filter((ms) => ms > 0), 10_000);
  return {
    requestTimeout: whole,
    headersTimeout,
    keepAliveTimeout: idle,
    connectionsCheckingInterval: Math.max(100, shortest / 2),
    maxHeaderSize,
  };
}

/** Every event that would otherwise end the process, or pass without a word. */
function report(server: Server, address: string, { logger, clock }: Surroundings): void {
  const seldom = rarely(clock, 10_000);
  server.on('error', (error) => logger.error({ address, error: error.message }, 'server error'));
  server.on('tlsClientError', (error: Error) =>
    logger.debug({ address, error: error.message }, 'tls handshake failed'),
  );
  server.on('drop', () =>
    seldom((more) => logger.warn({ address, more }, 'connection refused: max_connections reached')),
  );
}

async function close(server: Server, deadline: number, { clock }: Surroundings): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  // A connection whose last answer went out just now is idle only a moment later.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const cut = clock.after(Math.max(0, deadline - clock.now()), () => server.closeAllConnections());
  await promise;
  clearInterval(sweep);
  cut.cancel();
}
