import { systemClock } from '../../../flow/clock.ts';
import { grpcClientConfig } from '../../../plugin/groups/grpc.ts';
import { grpcServer, type GrpcHandler, type Listener } from '../../../plugin/index.ts';
import { InflightBytes } from '../../inflight.ts';
import type { Surroundings } from '../../surroundings.ts';
import { lean } from './index.ts';

export const quiet = (): void => {};
export const inflight = new InflightBytes(1e9);
const surroundings: Surroundings = {
  logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  clock: systemClock,
  inflight,
};
/** The one method of the servers. */
export const path = '/a.B/C';
export const pass = (bytes: Buffer): Buffer => bytes;
export const never = new AbortController().signal;
export const MiB = 1024 * 1024;

/** What a test has opened. */
export const cleanups: (() => unknown)[] = [];

/** Closes what a test has opened, and checks that every byte of its requests was given back. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  if (inflight.held !== 0) throw new Error(`${inflight.held} bytes were never released`);
}

export async function serve(handler: GrpcHandler, config: object = {}): Promise<Listener> {
  const parsed = grpcServer('127.0.0.1:0').parse(config);
  const listener = await lean.serve({ config: parsed, methods: { [path]: handler } }, surroundings);
  cleanups.push(() => listener.close(0));
  return listener;
}

export function leanClient(endpoint: string, config: object = {}): ReturnType<typeof lean.client> {
  const parsed = grpcClientConfig.parse({ endpoint, compression: 'none', tls: { insecure: true }, ...config });
  const client = lean.client({ config: parsed }, surroundings);
  cleanups.push(() => client.close());
  return client;
}
