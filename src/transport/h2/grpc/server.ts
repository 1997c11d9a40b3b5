import type { GrpcServerConfig, GrpcServerOptions, Listener } from '../../../plugin/index.ts';
import { isLocal, parseListenAddress } from '../../listen/address.ts';
import { bind } from '../../listen/bind.ts';
import { warnIfOpen } from '../../listen/warn.ts';
import type { Surroundings } from '../../surroundings.ts';
import { serverTls } from '../../tls/server.ts';
import type { RequestHead } from '../field-rules.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import type { Exchange, Peer, Response } from '../server-connection.ts';
import { createServer } from '../server.ts';
import { CallHead, callHead, type Method } from './call-head.ts';
import { UnaryCall, type CallContext } from './unary-call.ts';

const maxConnections = 10_000;
const MiB = 1024 * 1024;

/** Starts a gRPC server. Rejects with an Error that names the option or the address at fault. */
export async function serve(options: GrpcServerOptions, surroundings: Surroundings): Promise<Listener> {
  const { config, auth } = options;
  const address = parseListenAddress(config.endpoint, config.transport === 'unix' ? 'unix' : 'tcp');
  const tls = config.tls === undefined ? undefined : serverTls(config.tls, surroundings);
  const methods = new Map(Object.entries(options.methods).map(([path, handler]) => [path, { path, handler }]));
  const context: CallContext = { surroundings, auth, maxMessage: config.max_recv_msg_size_mib * MiB };
  const { min_time: minTime, permit_without_stream: withoutStreams } = config.keepalive.enforcement_policy;
  const server = createServer({
    limits: serverLimits(config),
    maxConnections,
    pings: { minTime, withoutStreams },
    ...(tls !== undefined && { tls: tls.options }),
    open: (head, peer) => openCall(head, peer, methods, context),
  });
  const bound = await server.listen((listener) => bind(listener, address));
  const unwatch = tls?.watch((fresh) => server.setSecureContext(fresh)) ?? ((): void => {});
  if (!isLocal(address)) warnIfOpen(surroundings.logger, bound, tls !== undefined, auth !== undefined);
  return {
    address: bound,
    async close(deadline) {
      unwatch();
      await server.close(deadline);
    },
  };
}

function openCall(
  head: RequestHead,
  peer: Peer,
  methods: ReadonlyMap<string, Method>,
  context: CallContext,
): Exchange | Response {
  const call = (head.memo ?? callHead(head, methods)) as CallHead | Response;
  head.memo = call;
  return call instanceof CallHead ? new UnaryCall(call, peer, context) : call;
}

/** What of a server's configuration limits its connections. */
function serverLimits(config: GrpcServerConfig): Limits {
  const { server_parameters: parameters } = config.keepalive;
  const maxMessage = config.max_recv_msg_size_mib * MiB;
  return {
    ...defaultLimits,
    maxConcurrentStreams: config.max_concurrent_streams,
    maxUnfinishedBytes: Math.max(defaultLimits.maxUnfinishedBytes, 2 * maxMessage),
    keepaliveTime: parameters.time,
    keepaliveTimeout: parameters.timeout,
    maxIdle: parameters.max_connection_idle ?? 0,
    maxAge: parameters.max_connection_age ?? 0,
    maxAgeGrace: parameters.max_connection_age_grace ?? 0,
  };
}
