import type { Clock } from '../flow/index.ts';
import type { Context, Kind, Transport } from '../plugin/index.ts';
import type { Extensions } from './extensions.ts';
import type { StatusBoard } from './status.ts';
import type { DropCounter } from './telemetry/component-counts.ts';
import type { RootLogger } from './telemetry/logger.ts';
import type { MetricRegistry } from './telemetry/registry.ts';

export interface Surroundings {
  readonly logger: RootLogger;
  readonly clock: Clock;
  readonly transport: Transport;
  readonly registry: MetricRegistry;
  readonly drops: DropCounter;
  readonly extensions: Extensions;
  readonly status: StatusBoard;
  /** Aborts when the service stops. */
  readonly signal: AbortSignal;
}

/** What one component gets to see of the engine. */
export function createContext(surroundings: Surroundings, kind: Kind, id: string): Context {
  const { clock, transport, registry, drops, extensions, status, signal } = surroundings;
  const logger = surroundings.logger.for(kind, id);
  const self = { kind, id, logger };
  return {
    ...self,
    clock,
    transport,
    signal,
    metrics: registry.scoped({ [kind]: id }),
    dropped: (count, batchSignal, reason) => drops.dropped(self, count, batchSignal, reason),
    report: (state, message) => status.report(`${kind}/${id}`, state, message),
    extension: (extensionId, capability) => extensions.find(extensionId, capability),
    storage: (extensionId) => extensions.storage(`${kind}/${id}`, extensionId),
  };
}
