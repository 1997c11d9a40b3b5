import type { Definition, ExporterDelivery, Kind } from '../plugin/index.ts';
import type { Signal } from '../wire/index.ts';
import type { Place } from './diagnostic.ts';
import type { DeadLetterConfig, ServiceLimits, Telemetry } from './service-schema.ts';

/** A configuration without errors: every reference resolves, every option has passed its schema. */
export interface Configuration {
  readonly receivers: ReadonlyMap<string, ComponentConfig>;
  readonly processors: ReadonlyMap<string, ComponentConfig>;
  readonly exporters: ReadonlyMap<string, ComponentConfig>;
  readonly connectors: ReadonlyMap<string, ComponentConfig>;
  readonly extensions: ReadonlyMap<string, ComponentConfig>;
  readonly service: ServiceConfig;
  /** Names under `plugins`: paths or packages. */
  readonly plugins: readonly PluginReference[];
  /** The whole as a user would have written it: defaults filled in, secrets as `[redacted]`. */
  readonly effective: Readonly<Record<string, unknown>>;
}

export interface ComponentConfig {
  /** `type` or `type/name`, as written. */
  readonly id: string;
  readonly kind: Kind;
  readonly definition: Definition;
  /** What the definition's schema made of the options. */
  readonly config: unknown;
  /** The engine's options of a `queued` exporter. */
  readonly delivery?: ExporterDelivery;
  /** The options as a user would have written them: defaults filled in, secrets as `[redacted]`. */
  readonly effective: unknown;
  /** Where its id stands. */
  readonly source: Place;
}

export interface ServiceConfig {
  /** Ids in the order in which they start. */
  readonly extensions: readonly string[];
  readonly pipelines: readonly PipelineConfig[];
  readonly telemetry: Telemetry;
  readonly limits: ServiceLimits;
  /** Undefined where refused data is not kept. */
  readonly deadLetters: DeadLetterConfig;
}

export interface PipelineConfig {
  /** `logs` or `logs/name`. */
  readonly id: string;
  readonly signal: Signal;
  /** Ids of receivers, and of connectors that come from other pipelines. */
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  /** Ids of exporters, and of connectors that lead to other pipelines. */
  readonly exporters: readonly string[];
  readonly source: Place;
}

/** A name under `plugins`; a relative path counts from the directory of `source.file`. */
export interface PluginReference {
  readonly name: string;
  readonly source: Place;
}
