import type { Server } from 'node:net';
import type { HttpServerConfig } from '../../plugin/index.ts';
import type { Surroundings } from '../surroundings.ts';
import type { HttpService } from './service.ts';

/** A server that hands its requests to a service, and does not listen yet. */
export interface CreatedServer {
  /** To be bound. */
  readonly server: Server;
  /** Watches no files any more. */
  release(): void;
  /** Accepts nothing new, lets requests end until `deadline` (milliseconds since the epoch), then cuts. */
  close(deadline: number): Promise<void>;
}

/** One way to speak HTTP/1.1. All of them pass the same tests. */
export interface HttpImplementation {
  /** Throws an Error that names the option at fault. */
  create(config: HttpServerConfig, service: HttpService, surroundings: Surroundings): CreatedServer;
}
