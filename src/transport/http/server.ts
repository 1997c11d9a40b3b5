import type { Server } from 'node:net';
import type { HttpServerConfig, HttpServerOptions, Listener } from '../../plugin/index.ts';
import { isLocal, parseListenAddress } from '../listen/address.ts';
import { bind } from '../listen/bind.ts';
import { warnIfOpen } from '../listen/warn.ts';
import { rarely } from '../rarely.ts';
import type { Surroundings } from '../surroundings.ts';
import type { HttpImplementation } from './implementation.ts';
import { HttpService } from './service.ts';

/** Loaded when they are named: none is paid for that no configuration names. */
const implementations: Readonly<Record<HttpServerConfig['transport'], () => Promise<HttpImplementation>>> = {
  lean: async () => (await import('./lean/server.ts')).lean,
  node: async () => (await import('./node/server.ts')).node,
};

/** Starts an HTTP or HTTPS server. Rejects with an Error that names the option or the address at fault. */
export async function serveHttp(options: HttpServerOptions, surroundings: Surroundings): Promise<Listener> {
  const { config } = options;
  const address = parseListenAddress(config.endpoint);
  const service = new HttpService(options, surroundings);
  const implementation = await implementations[config.transport]();
  const created = implementation.create(config, service, surroundings);
  const bound = await bind(created.server, address).catch((error: unknown) => {
    created.release();
    throw error;
  });
  report(created.server, bound, surroundings);
  if (!isLocal(address)) warnIfOpen(surroundings.logger, bound, config.tls !== undefined, options.auth !== undefined);
  return {
    address: bound,
    close(deadline) {
      created.release();
      service.closing = true;
      return created.close(deadline);
    },
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
