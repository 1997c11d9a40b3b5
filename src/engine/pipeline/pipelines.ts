import { Subject } from 'rxjs';
import type { Delivery } from '../../flow/index.ts';
import type { ConnectorContext, Context, Kind, Routed } from '../../plugin/index.ts';
import type { Batch } from '../../wire/index.ts';
import type { Outlet } from '../export/outlet.ts';
import type { ConnectorNode, Graph, PipelineNode } from '../plan/graph.ts';
import { processorCounts } from '../telemetry/component-counts.ts';
import type { MetricRegistry } from '../telemetry/registry.ts';
import { guard } from './guard.ts';
import { passTo, type Accept, type Intake } from './intake.ts';
import { stages } from './stages.ts';

export interface PipelineOptions {
  readonly graph: Graph;
  readonly intake: Intake;
  readonly registry: MetricRegistry;
  readonly contextOf: (kind: Kind, id: string) => Context;
  /** The outlet of an exporter for a signal. */
  readonly outletOf: (id: string, signal: PipelineNode['signal']) => Outlet;
}

/** Every pipeline as one RxJS composition: a subject, its operators, and the fan-out into outlets and connectors. */
export class Pipelines {
  private readonly options: PipelineOptions;
  private readonly inputs = new Map<string, Subject<Delivery>>();
  private readonly connectors = new Map<ConnectorNode, Inlet>();

  constructor(options: PipelineOptions) {
    this.options = options;
    for (const pipeline of options.graph.pipelines) this.inputs.set(pipeline.id, new Subject());
    for (const connector of options.graph.connectors) this.connect(connector);
    for (const pipeline of options.graph.pipelines) this.compose(pipeline);
  }

  /** The start of a pipeline. */
  entry(id: string): Accept {
    const input = this.inputs.get(id);
    if (input === undefined) throw new Error(`no pipeline ${id}`);
    return (delivery) => input.next(delivery);
  }

  /** Ends all pipelines: what operators hold comes out now. Those that feed others end first. */
  complete(): void {
    const done = new Set<string>();
    const finish = (id: string): void => {
      if (done.has(id)) return;
      done.add(id);
      for (const connector of this.options.graph.connectors) {
        if (connector.targets.includes(id)) for (const source of connector.sources) finish(source);
      }
      this.inputs.get(id)?.complete();
    };
    for (const id of this.inputs.keys()) finish(id);
  }

  private compose(pipeline: PipelineNode): void {
    const { registry, contextOf } = this.options;
    const operators = stages({
      signal: pipeline.signal,
      processors: pipeline.processors,
      contextOf: (component) => contextOf('processor', component.id),
      countsOf: (component) => processorCounts(registry, component.id, pipeline.id, pipeline.signal),
    });
    const ends = pipeline.outputs.flatMap((id) => this.endsOf(pipeline, id));
    const accepts = ends.map((end) => end.accept);
    let stream = (this.inputs.get(pipeline.id) as Subject<Delivery>).asObservable();
    for (const operator of operators) stream = stream.pipe(operator);
    stream.subscribe({
      next: (delivery) => passTo(accepts, delivery),
      complete: () => ends.forEach((end) => end.complete()),
    });
  }

  private endsOf(pipeline: PipelineNode, id: string): { accept: Accept; complete: () => void }[] {
    const inlets = [...this.connectors].filter(([node]) => node.component.id === id && node.from === pipeline.signal);
    if (inlets.length > 0)
      return inlets.map(([, inlet]) => ({
        accept: (delivery) => inlet.subject.next(delivery),
        complete: () => inlet.sourceEnded(),
      }));
    const outlet = this.options.outletOf(id, pipeline.signal);
    return [{ accept: (delivery) => outlet.accept(delivery), complete: () => undefined }];
  }

  private connect(node: ConnectorNode): void {
    const { component, targets } = node;
    const { definition } = component;
    if (definition.kind !== 'connector') throw new TypeError(`${component.id} is no connector`);
    const inlet = new Inlet(node.sources.length);
    this.connectors.set(node, inlet);
    const context = this.connectorContext(node);
    const output = guard<Delivery | Routed>({
      component: `connector/${component.id}`,
      clock: context.clock,
      operator: (deliveries) => definition.connect(deliveries, component.config, context),
      onFailure: (error) =>
        context.logger.error({ err: error }, 'connector failed; what it held is refused, and it is started anew'),
    })(inlet.subject);
    output.subscribe((value) => {
      const [delivery, to] = 'delivery' in value ? [value.delivery, value.pipelines] : [value, targets];
      passTo(
        to.map((id) => this.entry(id)),
        delivery,
      );
    });
  }

  private connectorContext(node: ConnectorNode): ConnectorContext {
    const { component, from, to, targets } = node;
    const context = this.options.contextOf('connector', component.id);
    const name = `connector/${component.id}`;
    return {
      ...context,
      from,
      to,
      pipelines: targets,
      emit: (batch: Batch, options) =>
        this.options.intake.bring(
          batch,
          targets.map((id) => this.entry(id)),
          name,
          options?.deadline,
        ),
    };
  }
}

/** The start of a connector. It ends when the last of the pipelines before it has. */
class Inlet {
  readonly subject = new Subject<Delivery>();
  private open: number;

  constructor(sources: number) {
    this.open = sources;
  }

  sourceEnded(): void {
    this.open -= 1;
    if (this.open === 0) this.subject.complete();
  }
}
