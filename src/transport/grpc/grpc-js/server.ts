import { Server, ServerCredentials, type handleUnaryCall, type ServiceDefinition } from '@grpc/grpc-js';
import {
  rpcCodes,
  type GrpcHandler,
  type GrpcServerConfig,
  type GrpcServerOptions,
  type GrpcStatus,
  type Listener,
} from '../../../plugin/index.ts';
import { hostPort, isLocal, parseListenAddress, type ListenAddress } from '../../listen/address.ts';
import { clearStaleSocket } from '../../listen/bind.ts';
import { warnIfOpen } from '../../listen/warn.ts';
import type { Surroundings } from '../../surroundings.ts';
import { serverTls } from '../../tls/server.ts';
import { admission, type Senders } from './admission.ts';
import { sendableStatus } from './metadata.ts';
import { UnaryRequest } from './request.ts';
import { serverOptions } from './server-options.ts';
import { ReloadableCredentials } from './server-credentials.ts';

type Handler = handleUnaryCall<Buffer, Buffer>;
type Call = Parameters<Handler>[0];

export async function serve(options: GrpcServerOptions, surroundings: Surroundings): Promise<Listener> {
  const { config, auth } = options;
  const address = parseListenAddress(config.endpoint, config.transport === 'unix' ? 'unix' : 'tcp');
  const senders: Senders = new WeakMap();
  const interceptors = auth === undefined ? [] : [admission(auth, senders, surroundings)];
  const server = new Server({ ...serverOptions(config), interceptors });
  const methods = Object.entries(options.methods);
  if (methods.length > 0) {
    const handlers = methods.map(([path, handler]) => [path, unary(path, handler, senders, surroundings)]);
    server.addService(serviceDefinition(Object.keys(options.methods)), Object.fromEntries(handlers));
  }
  const { credentials, release } = serverCredentials(config, surroundings);
  const bound = await listen(server, address, credentials).catch((error: unknown) => {
    release();
    server.forceShutdown();
    throw error;
  });
  if (!isLocal(address)) warnIfOpen(surroundings.logger, bound.address, config.tls !== undefined, auth !== undefined);
  return {
    address: bound.address,
    close(deadline) {
      release();
      return close(server, bound.target, deadline - surroundings.clock.now());
    },
  };
}

function serverCredentials(
  config: GrpcServerConfig,
  surroundings: Surroundings,
): { readonly credentials: ServerCredentials; readonly release: () => void } {
  if (config.tls === undefined) return { credentials: ServerCredentials.createInsecure(), release() {} };
  const tls = serverTls(config.tls, surroundings);
  const credentials = new ReloadableCredentials(tls);
  return { credentials, release: tls.watch((fresh) => credentials.exchange(fresh)) };
}

/** Messages pass as they are: bytes in, bytes out. */
function serviceDefinition(paths: readonly string[]): ServiceDefinition {
  const pass = (bytes: Buffer): Buffer => bytes;
  const method = { requestStream: false, responseStream: false, requestSerialize: pass, requestDeserialize: pass };
  return Object.fromEntries(
    paths.map((path) => [path, { ...method, path, responseSerialize: pass, responseDeserialize: pass }]),
  );
}

function unary(path: string, handler: GrpcHandler, senders: Senders, { logger, inflight }: Surroundings): Handler {
  const handle = async (call: Call): Promise<Uint8Array | GrpcStatus> => {
    const held = call.request.length;
    if (!inflight.take(held)) return busy;
    try {
      return await handler(new UnaryRequest(call, senders.get(call.metadata) ?? {}));
    } catch (error) {
      const reason = error instanceof Error ? error.stack : String(error);
      logger.error({ method: path, error: reason }, 'request handler failed');
      return { code: rpcCodes.INTERNAL, message: 'internal error' };
    } finally {
      inflight.release(held);
    }
  };
  const respond = async (call: Call, done: Parameters<Handler>[1]): Promise<void> => {
    const result = await handle(call);
    if (!(result instanceof Uint8Array)) done(sendableStatus(result));
    else done(null, Buffer.from(result.buffer, result.byteOffset, result.length));
  };
  return (call, done) => void respond(call, done);
}

const busy: GrpcStatus = { code: rpcCodes.UNAVAILABLE, message: 'too much data in flight', retryAfterMs: 1000 };

interface Bound {
  readonly address: string;
  /** The same as the library names it. */
  readonly target: string;
}

async function listen(server: Server, address: ListenAddress, credentials: ServerCredentials): Promise<Bound> {
  if ('path' in address) {
    await clearStaleSocket(address.path);
    const target = `unix:${address.path}`;
    await bindTo(server, target, credentials);
    return { address: address.path, target };
  }
  const { host, port } = address;
  // Every address: with IPv6 where the machine has it.
  const hosts = host === '' ? ['::', '0.0.0.0'] : [host];
  const [first, second] = hosts as [string, string?];
  const bind = async (on: string): Promise<Bound> => {
    const target = hostPort(on, await bindTo(server, hostPort(on, port), credentials));
    return { address: target, target };
  };
  return bind(first).catch((error: unknown) => (second === undefined ? Promise.reject(error) : bind(second)));
}

function bindTo(server: Server, target: string, credentials: ServerCredentials): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync(target, credentials, (error, port) => {
    if (error === null) resolve(port);
    else reject(new Error(`cannot listen on ${target}: ${error.message}`, { cause: error }));
  });
  return promise;
}

const settleMs = 20;

/**
 * `forceShutdown` leaves connections open where channelz is off; `drain` cuts them in any case. The library waits for ever for
 * a connection that broke just before: such ones get a moment to go, and after the grace nobody waits for them.
 */
async function close(server: Server, target: string, graceMs: number): Promise<void> {
  const grace = Math.max(settleMs, graceMs);
  server.drain(target, grace);
  await new Promise((resolve) => void setTimeout(resolve, settleMs));
  const { promise, resolve } = Promise.withResolvers<void>();
  server.drain(target, grace - settleMs);
  server.tryShutdown(() => resolve());
  const late = setTimeout(resolve, grace + settleMs);
  await promise;
  clearTimeout(late);
}
