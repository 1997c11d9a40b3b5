import type { ComponentConfig } from '../../config/index.ts';
import type { Signal } from '../../wire/index.ts';

/**
 * What a configuration amounts to: who feeds whom. Plain data, made without starting anything.
 * Receivers and extensions stand once, exporters once per signal, processors once per pipeline,
 * connectors once per pair of signals.
 */
export interface Graph {
  /** In the order of their start; extensions stop in reverse. */
  readonly extensions: readonly ComponentConfig[];
  readonly receivers: readonly ReceiverNode[];
  readonly pipelines: readonly PipelineNode[];
  readonly exporters: readonly ExporterNode[];
  readonly connectors: readonly ConnectorNode[];
}

export interface ReceiverNode {
  readonly component: ComponentConfig;
  /** Pipelines by the signal they take. */
  readonly targets: ReadonlyMap<Signal, readonly string[]>;
}

export interface PipelineNode {
  readonly id: string;
  readonly signal: Signal;
  readonly processors: readonly ComponentConfig[];
  /** Ids of exporters and connectors, as listed. */
  readonly outputs: readonly string[];
}

export interface ExporterNode {
  readonly component: ComponentConfig;
  readonly signal: Signal;
}

export interface ConnectorNode {
  readonly component: ComponentConfig;
  readonly from: Signal;
  readonly to: Signal;
  /** Ids of the pipelines that end in it. */
  readonly sources: readonly string[];
  /** Ids of the pipelines that begin with it. */
  readonly targets: readonly string[];
}
