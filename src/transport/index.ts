import type { Clock } from '../flow/index.ts';
import type { Logger, Transport } from '../plugin/index.ts';
import { createGrpcClient, serveGrpc } from './grpc/index.ts';
import { createHttpClient } from './http/client.ts';
import { serveHttp } from './http/server.ts';
import { InflightBytes } from './inflight.ts';
import type { Surroundings } from './surroundings.ts';

export interface TransportOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Most request bytes that all servers together hold until they are answered; 256 MiB where it is left out. */
  readonly maxInflightBytes?: number;
}

/** The transport for every component of one engine. Libraries are loaded when something needs them. */
export function createTransport({ logger, clock, maxInflightBytes }: TransportOptions): Transport {
  const inflight = new InflightBytes(maxInflightBytes ?? 256 * 1024 * 1024);
  const surroundings: Surroundings = { logger, clock, inflight };
  return {
    serveHttp: (options) => serveHttp(options, surroundings),
    serveGrpc: (options) => serveGrpc(options, surroundings),
    httpClient: (options) => createHttpClient(options, surroundings),
    grpcClient: (options) => createGrpcClient(options, surroundings),
  };
}
