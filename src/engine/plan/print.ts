import type { Graph } from './graph.ts';

/** The graph as text, a pipeline at a time: `logs/app: otlp -> [batch] -> otlp_http, debug`. */
export function graphAsText(graph: Graph): string {
  const lines = graph.pipelines.map((pipeline) => {
    const stages = pipeline.processors.map((processor) => processor.id);
    const middle = stages.length > 0 ? [`[${stages.join(' | ')}]`] : [];
    return `${pipeline.id}: ${[inputsOf(graph, pipeline.id).join(', '), ...middle, pipeline.outputs.join(', ')].join(' -> ')}`;
  });
  if (graph.extensions.length > 0)
    lines.push(`extensions: ${graph.extensions.map((extension) => extension.id).join(', ')}`);
  return `${lines.join('\n')}\n`;
}

/** The graph as a Mermaid flowchart. */
export function graphAsMermaid(graph: Graph): string {
  const lines = ['flowchart LR'];
  const edges: string[] = [];
  const node = (kind: string, id: string): string =>
    `${kind}_${id.replaceAll(/\W/g, (character) => `_${character.charCodeAt(0)}_`)}`;
  for (const { component } of graph.receivers)
    lines.push(`  ${node('receiver', component.id)}([${quote(component.id)}])`);
  for (const pipeline of graph.pipelines) {
    lines.push(`  subgraph ${node('pipeline', pipeline.id)}[${quote(pipeline.id)}]`, '    direction LR');
    const stages = pipeline.processors.map((processor) => node(node('processor', pipeline.id), processor.id));
    const entry = node('in', pipeline.id);
    const exit = node('out', pipeline.id);
    lines.push(
      `    ${entry}((" "))`,
      ...pipeline.processors.map((processor, i) => `    ${stages[i]}[${quote(processor.id)}]`),
      `    ${exit}((" "))`,
    );
    const line = [entry, ...stages, exit];
    lines.push(`    ${line.join(' --> ')}`, '  end');
  }
  for (const id of new Set(graph.exporters.map(({ component }) => component.id)))
    lines.push(`  ${node('exporter', id)}[/${quote(id)}/]`);
  for (const id of new Set(graph.connectors.map(({ component }) => component.id)))
    lines.push(`  ${node('connector', id)}{{${quote(id)}}}`);
  for (const pipeline of graph.pipelines) {
    for (const { component, targets } of graph.receivers) {
      if (targets.get(pipeline.signal)?.includes(pipeline.id) === true)
        edges.push(`  ${node('receiver', component.id)} --> ${node('in', pipeline.id)}`);
    }
    for (const id of pipeline.outputs) {
      const kind = graph.connectors.some(({ component }) => component.id === id) ? 'connector' : 'exporter';
      edges.push(`  ${node('out', pipeline.id)} --> ${node(kind, id)}`);
    }
  }
  for (const { component, targets } of graph.connectors) {
    for (const target of targets) edges.push(`  ${node('connector', component.id)} --> ${node('in', target)}`);
  }
  return `${[...lines, ...new Set(edges)].join('\n')}\n`;
}

function inputsOf(graph: Graph, pipeline: string): string[] {
  const receivers = graph.receivers.filter(({ targets }) =>
    [...targets.values()].some((ids) => ids.includes(pipeline)),
  );
  const connectors = graph.connectors.filter(({ targets }) => targets.includes(pipeline));
  return [...new Set([...receivers, ...connectors].map(({ component }) => component.id))];
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '#quot;')}"`;
}
