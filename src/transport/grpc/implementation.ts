import type { GrpcClient, GrpcClientOptions, GrpcServerOptions, Listener } from '../../plugin/index.ts';
import type { Surroundings } from '../surroundings.ts';

/** One way to speak gRPC. All of them pass the same conformance tests. */
export interface GrpcImplementation {
  serve(options: GrpcServerOptions, surroundings: Surroundings): Promise<Listener>;
  /** Throws an Error that names the option at fault. */
  client(options: GrpcClientOptions, surroundings: Surroundings): GrpcClient;
}

export interface ImplementationEntry {
  /** Values of `compression` that its client can send. */
  readonly compressions: readonly string[];
  /** Loads it: none is paid for that no configuration names. */
  load(): Promise<GrpcImplementation>;
}
