import type { ConnectorDefinition } from '../plugin/index.ts';
import type { Report } from './diagnostic.ts';
import { listed } from './ids.ts';
import type { Reference, Role, WrittenPipeline } from './pipelines.ts';
import type { Scope } from './scope.ts';

/** A connector's stand in a pipeline. */
interface Stand {
  readonly pipeline: WrittenPipeline;
  readonly reference: Reference;
}

/** One way for data: out of a pipeline, through a connector, into another. */
interface Connection {
  readonly connector: string;
  readonly from: WrittenPipeline;
  readonly to: WrittenPipeline;
  /** Where `from` names the connector. */
  readonly reference: Reference;
}

/** Checks how connectors join pipelines, and that no circle comes of it. */
export function checkConnectors({ pipelines, declarations, report }: Scope): void {
  const connections: Connection[] = [];
  for (const { id, key, definition } of declarations.connectors.values()) {
    const twin = declarations.receivers.get(id) ?? declarations.exporters.get(id);
    if (twin !== undefined) {
      report.error(
        'ambiguous-id',
        key,
        `the connector "${id}" shares its id with ${twin.kind === 'exporter' ? 'an' : 'a'} ${twin.kind}`,
        {
          related: [{ message: `the ${twin.kind}`, place: twin.key }],
          hint: `give it a name: ${id}/name`,
        },
      );
      continue;
    }
    const inputs = standsOf(id, 'exporters', pipelines);
    const outputs = standsOf(id, 'receivers', pipelines);
    checkBothEnds(id, inputs, outputs, report);
    if (definition?.kind === 'connector' && inputs.length > 0 && outputs.length > 0) {
      connections.push(...connect(definition, { id, inputs, outputs }, report));
    }
  }
  checkCycles(pipelines, connections, report);
}

function standsOf(id: string, role: Role, pipelines: readonly WrittenPipeline[]): Stand[] {
  return pipelines.flatMap((pipeline) =>
    pipeline[role].filter((one) => one.id === id).map((reference) => ({ pipeline, reference })),
  );
}

function checkBothEnds(id: string, inputs: readonly Stand[], outputs: readonly Stand[], report: Report): void {
  const [input] = inputs;
  const [output] = outputs;
  if (input !== undefined && output === undefined) {
    const message = `the connector "${id}" is an exporter of "${input.pipeline.id}", but a receiver of no pipeline`;
    report.error('unconnected-connector', input.reference.place, message, {
      hint: 'name it under "receivers:" of the pipeline it leads to',
    });
  }
  if (output !== undefined && input === undefined) {
    const message = `the connector "${id}" is a receiver of "${output.pipeline.id}", but an exporter of no pipeline`;
    report.error('unconnected-connector', output.reference.place, message, {
      hint: 'name it under "exporters:" of the pipeline it comes from',
    });
  }
}

interface Joint {
  readonly id: string;
  readonly inputs: readonly Stand[];
  readonly outputs: readonly Stand[];
}

/** Every stand has to meet at least one on the other side whose signal fits, as in the Collector. */
function connect(definition: ConnectorDefinition, { id, inputs, outputs }: Joint, report: Report): Connection[] {
  const connections: Connection[] = [];
  const joined = new Set<Stand>();
  for (const input of inputs) {
    for (const output of outputs) {
      const { signal: from } = input.pipeline;
      const { signal: to } = output.pipeline;
      if (from !== undefined && to !== undefined && definition.pairs[from]?.includes(to) !== true) continue;
      joined.add(input).add(output);
      connections.push({ connector: id, from: input.pipeline, to: output.pipeline, reference: input.reference });
    }
  }
  for (const stand of [...inputs, ...outputs])
    if (!joined.has(stand)) reportUnjoined(definition, id, stand, inputs.includes(stand), report);
  return connections;
}

function reportUnjoined(
  definition: ConnectorDefinition,
  id: string,
  stand: Stand,
  isInput: boolean,
  report: Report,
): void {
  const pairs = Object.entries(definition.pairs).flatMap(([from, tos]) => tos.map((to) => `${from} to ${to}`));
  const where = isInput ? 'an exporter' : 'a receiver';
  const message = `the connector "${id}", ${where} of "${stand.pipeline.id}", fits no pipeline on its other side`;
  report.error('unsupported-connection', stand.reference.place, message, { hint: `it joins ${listed(pairs)}` });
}

function checkCycles(pipelines: readonly WrittenPipeline[], connections: readonly Connection[], report: Report): void {
  const done = new Set<WrittenPipeline>();
  const path: Connection[] = [];
  const visit = (pipeline: WrittenPipeline): void => {
    if (done.has(pipeline)) return;
    const start = path.findIndex((connection) => connection.from === pipeline);
    if (start !== -1) return reportCycle(path.slice(start), report);
    for (const connection of connections.filter((one) => one.from === pipeline)) {
      path.push(connection);
      visit(connection.to);
      path.pop();
    }
    done.add(pipeline);
  };
  for (const pipeline of pipelines) visit(pipeline);
}

function reportCycle(cycle: readonly Connection[], report: Report): void {
  const [first] = cycle;
  if (first === undefined) return;
  const way = cycle.map(({ connector, to }) => ` -> ${connector} -> ${to.id}`).join('');
  report.error('pipeline-cycle', first.reference.place, 'pipelines form a circle through connectors', {
    found: first.from.id + way,
    related: cycle
      .slice(1)
      .map(({ reference, from }) => ({ message: `the next step, in "${from.id}"`, place: reference.place })),
  });
}
