import type { ComponentConfig, Configuration } from '../../config/index.ts';
import type { Signal } from '../../wire/index.ts';
import type { ConnectorNode, ExporterNode, Graph, PipelineNode, ReceiverNode } from './graph.ts';

type Pipeline = Configuration['service']['pipelines'][number];

/** The graph of a checked configuration. References are resolved already, so nothing can fail here. */
export function plan(configuration: Configuration): Graph {
  const { pipelines } = configuration.service;
  return {
    extensions: configuration.service.extensions.map((id) => known(configuration.extensions, id)),
    receivers: receiverNodes(configuration),
    pipelines: pipelines.map((pipeline) => pipelineNode(configuration, pipeline)),
    exporters: exporterNodes(configuration),
    connectors: connectorNodes(configuration),
  };
}

function receiverNodes(configuration: Configuration): ReceiverNode[] {
  const targets = new Map<string, Map<Signal, string[]>>();
  for (const pipeline of configuration.service.pipelines) {
    for (const id of pipeline.receivers) {
      if (!configuration.receivers.has(id)) continue;
      const bySignal = targets.get(id) ?? new Map<Signal, string[]>();
      bySignal.set(pipeline.signal, [...(bySignal.get(pipeline.signal) ?? []), pipeline.id]);
      targets.set(id, bySignal);
    }
  }
  return [...targets].map(([id, bySignal]) => ({ component: known(configuration.receivers, id), targets: bySignal }));
}

function pipelineNode(configuration: Configuration, pipeline: Pipeline): PipelineNode {
  const { id, signal, exporters } = pipeline;
  return {
    id,
    signal,
    outputs: exporters,
    processors: pipeline.processors.map((name) => known(configuration.processors, name)),
  };
}

function exporterNodes(configuration: Configuration): ExporterNode[] {
  const nodes = new Map<string, ExporterNode>();
  for (const { signal, exporters } of configuration.service.pipelines) {
    for (const id of exporters) {
      const component = configuration.exporters.get(id);
      if (component !== undefined) nodes.set(`${id} ${signal}`, { component, signal });
    }
  }
  return [...nodes.values()];
}

function connectorNodes(configuration: Configuration): ConnectorNode[] {
  const { pipelines } = configuration.service;
  return [...configuration.connectors].flatMap(([id, component]) => {
    const sources = pipelines.filter((pipeline) => pipeline.exporters.includes(id));
    const targets = pipelines.filter((pipeline) => pipeline.receivers.includes(id));
    const definition = component.definition.kind === 'connector' ? component.definition : undefined;
    return distinct(sources).flatMap((from) =>
      distinct(targets)
        .filter((to) => definition?.pairs[from]?.includes(to) === true)
        .map((to) => ({ component, from, to, sources: idsOf(sources, from), targets: idsOf(targets, to) })),
    );
  });
}

function distinct(pipelines: readonly Pipeline[]): Signal[] {
  return [...new Set(pipelines.map((pipeline) => pipeline.signal))];
}

function idsOf(pipelines: readonly Pipeline[], signal: Signal): string[] {
  return pipelines.filter((pipeline) => pipeline.signal === signal).map((pipeline) => pipeline.id);
}

function known(components: ReadonlyMap<string, ComponentConfig>, id: string): ComponentConfig {
  const component = components.get(id);
  if (component === undefined) throw new Error(`"${id}" is not defined; was the configuration checked?`);
  return component;
}
