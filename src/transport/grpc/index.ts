import type {
  GrpcClient,
  GrpcClientConfig,
  GrpcClientOptions,
  GrpcServerConfig,
  GrpcServerOptions,
  Listener,
} from '../../plugin/index.ts';
import { clientTls } from '../tls/client.ts';
import { hasFiles } from '../tls/material.ts';
import type { Surroundings } from '../surroundings.ts';
import { fixedMetadata } from './metadata.ts';
import type { ImplementationEntry } from './implementation.ts';
import { parseGrpcTarget } from './target.ts';

export const implementations: Readonly<Record<GrpcClientConfig['transport'], ImplementationEntry>> = {
  grpc_js: {
    compressions: ['', 'none', 'gzip', 'deflate', 'zlib'],
    load: async () => (await import('./grpc-js/index.ts')).grpcJs,
  },
  lean: {
    compressions: ['', 'none', 'gzip', 'deflate', 'zlib', 'zstd'],
    load: async () => (await import('../h2/grpc/index.ts')).lean,
  },
};

/** A server names its kind of socket where it does not name the library. */
function entry(transport: GrpcServerConfig['transport'] | GrpcClientConfig['transport']): ImplementationEntry {
  return implementations[transport === 'grpc_js' ? 'grpc_js' : 'lean'];
}

/** Starts a gRPC server. Rejects with an Error that names the option or the address at fault. */
export async function serveGrpc(options: GrpcServerOptions, surroundings: Surroundings): Promise<Listener> {
  const implementation = await entry(options.config.transport).load();
  return implementation.serve(options, surroundings);
}

/** A gRPC client, whose library is loaded with the first call. Throws an Error that names the option at fault. */
export function createGrpcClient(options: GrpcClientOptions, surroundings: Surroundings): GrpcClient {
  const { config } = options;
  const chosen = entry(config.transport);
  if (!chosen.compressions.includes(config.compression)) {
    const able = chosen.compressions.filter((name) => name !== '').join(', ');
    throw new Error(`compression: transport ${config.transport} has no ${config.compression} for gRPC; it has ${able}`);
  }
  fixedMetadata(config.headers);
  const target = parseGrpcTarget(config.endpoint, config.tls.insecure);
  if (target.secure && hasFiles(config.tls)) clientTls(config.tls, surroundings);
  let opened: Promise<GrpcClient> | undefined;
  const open = async (): Promise<GrpcClient> => (await chosen.load()).client(options, surroundings);
  return {
    async call(request) {
      opened ??= open();
      return (await opened).call(request);
    },
    async close() {
      if (opened !== undefined) await (await opened).close();
    },
  };
}
