import {
  otlpMethods,
  receive,
  rpcCodes,
  type GrpcHandler,
  type Listener,
  type ReceiverContext,
  type Signal,
} from 'sluice/plugin';
import type { Accept } from './accept.ts';
import type { GrpcConfig } from './config.ts';
import { metaOf } from './meta.ts';

/** An Export response that says nothing but yes has no bytes. */
const taken = new Uint8Array(0);

/** Serves OTLP over gRPC. A signal that no pipeline takes is UNIMPLEMENTED. */
export function serveGrpc(config: GrpcConfig, context: ReceiverContext, accept: Accept): Promise<Listener> {
  const exportOf =
    (signal: Signal): GrpcHandler =>
    async (request) => {
      const headers = config.include_metadata ? request.metadata : undefined;
      const meta = metaOf(request, context.clock.now(), headers);
      const refusal = await accept(() => receive(signal, request.message, meta), request.deadline);
      if (refusal === undefined) return taken;
      const code = refusal.retryAfterMs === undefined ? rpcCodes.INVALID_ARGUMENT : rpcCodes.UNAVAILABLE;
      return { code, ...refusal };
    };
  const methods = Object.fromEntries([...context.signals].map((signal) => [otlpMethods[signal], exportOf(signal)]));
  const auth = config.auth === undefined ? undefined : context.extension(config.auth.authenticator, 'serverAuth');
  return context.transport.serveGrpc({ config, methods, ...(auth !== undefined && { auth }) });
}
