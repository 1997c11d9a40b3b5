import http, { type Server, type ServerOptions } from 'node:http';
import type { HttpServerConfig } from '../../../plugin/index.ts';
import type { Surroundings } from '../../surroundings.ts';
import { nodeHttps } from '../../tls/node.ts';
import { serverTls } from '../../tls/server.ts';
import type { HttpImplementation } from '../implementation.ts';
import { headersTimeout, maxHeadSize } from '../limits.ts';
import type { HttpService } from '../service.ts';
import { NodeIncoming } from './incoming.ts';

/** HTTP by node:http and node:https. */
export const node: HttpImplementation = {
  create(config, service, surroundings) {
    const { server, release } = createServer(config, surroundings);
    server.maxConnections = config.max_connections;
    listen(server, service, config, surroundings);
    return {
      server,
      release,
      async close(deadline) {
        await close(server, deadline, surroundings);
      },
    };
  },
};

function createServer(
  config: HttpServerConfig,
  surroundings: Surroundings,
): { readonly server: Server; readonly release: () => void } {
  if (config.tls === undefined) return { server: http.createServer(limits(config)), release() {} };
  const tls = serverTls(config.tls, surroundings);
  const server = nodeHttps().createServer({ ...limits(config), ...tls.options, ALPNProtocols: ['http/1.1'] });
  return { server, release: tls.watch((fresh) => server.setSecureContext(fresh)) };
}

function listen(server: Server, service: HttpService, config: HttpServerConfig, { clock }: Surroundings): void {
  const writeTimeout = config.write_timeout;
  const asks = { expecting: true, clock, writeTimeout };
  const sends = { expecting: false, clock, writeTimeout };
  server.on('request', (message, response) => service.take(new NodeIncoming(message, response, sends)));
  server.on('checkContinue', (message, response) => service.take(new NodeIncoming(message, response, asks)));
}

function limits(config: HttpServerConfig): ServerOptions {
  const { read_timeout: whole, idle_timeout: idle } = config;
  const headers = headersTimeout(config);
  const shortest = Math.min(...[whole, headers].filter((ms) => ms > 0), 10_000);
  return {
    requestTimeout: whole,
    headersTimeout: headers,
    keepAliveTimeout: idle,
    connectionsCheckingInterval: Math.max(100, shortest / 2),
    maxHeaderSize: maxHeadSize,
  };
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
