import type { Configuration } from '../../config/index.ts';
import type { Context, RunningExporter, Stop } from '../../plugin/index.ts';
import type { Signal } from '../../wire/index.ts';
import type { Surroundings } from '../contexts.ts';
import { DeadLetterStore } from '../dead-letter/store.ts';
import type { ExporterNode } from '../plan/graph.ts';
import { starting } from '../start-error.ts';
import { ownerOf, reportOrphans } from './durable-storage.ts';
import type { Outlet } from './outlet.ts';
import { createOutlet } from './outlets.ts';

export interface ExportersOptions {
  readonly service: Configuration['service'];
  readonly surroundings: Surroundings;
  readonly contextOf: (id: string) => Context;
}

/** All exporters of a service with what stands before them: one exporter per id, one outlet per id and signal. */
export class Exporters {
  private readonly options: ExportersOptions;
  private readonly running = new Map<string, RunningExporter>();
  private readonly outlets = new Map<string, Outlet>();
  private readonly deadLetters: DeadLetterStore | undefined;

  constructor(options: ExportersOptions) {
    this.options = options;
    this.deadLetters = deadLetterStore(options);
  }

  async start(nodes: readonly ExporterNode[]): Promise<void> {
    for (const node of nodes) await this.startOne(node);
    await this.lookForOrphans(nodes);
  }

  outletOf(id: string, signal: Signal): Outlet {
    const outlet = this.outlets.get(keyOf(id, signal));
    if (outlet === undefined) throw new Error(`exporter/${id} was not started for ${signal}`);
    return outlet;
  }

  /** Delivers what waits until `deadline`, in milliseconds since the epoch, and gives the rest back or leaves it on disk. */
  async drain(deadline: number): Promise<void> {
    await Promise.all([...this.outlets.values()].map((outlet) => outlet.stop(deadline)));
    this.outlets.clear();
  }

  /** How to end the exporters themselves. */
  stops(): Stop[] {
    const stops = [...this.running.values()].flatMap((exporter) => exporter.stop?.bind(exporter) ?? []);
    this.running.clear();
    return [...stops, () => this.deadLetters?.close()];
  }

  private async startOne({ component, signal }: ExporterNode): Promise<void> {
    const { definition, id } = component;
    if (definition.kind !== 'exporter') return;
    const { service, surroundings, contextOf } = this.options;
    const context = contextOf(id);
    const { status } = surroundings;
    // What an exporter says of itself is not unsaid by a delivery that goes well.
    const own: Context = {
      ...context,
      report: (state, message) => status.report(`exporter/${id}`, state, message, 'itself'),
    };
    await starting(`exporter/${id}`, async () => {
      const exporter = this.running.get(id) ?? (await definition.start(component.config, own));
      this.running.set(id, exporter);
      const outlet = await createOutlet({
        component,
        signal,
        exporter,
        // A signal that goes through must not hide that another does not.
        context: {
          ...context,
          report: (state, message) => surroundings.status.report(`exporter/${id}`, state, message, signal),
        },
        registry: surroundings.registry,
        maxWaitMs: service.limits.max_wait,
        deadLetters: this.deadLetters,
      });
      this.outlets.set(keyOf(id, signal), outlet);
    });
  }

  /** What waits on disk for exporters that are gone must not be forgotten. */
  private async lookForOrphans(nodes: readonly ExporterNode[]): Promise<void> {
    const { extensions, logger } = this.options.surroundings;
    const owners = new Set(
      nodes.map(({ component, signal }) => ownerOf({ component: `exporter/${component.id}`, signal })),
    );
    for (const directory of extensions.storageDirectories()) await reportOrphans(directory, owners, logger);
  }
}

function keyOf(id: string, signal: Signal): string {
  return `${id} ${signal}`;
}

function deadLetterStore({ service, surroundings }: ExportersOptions): DeadLetterStore | undefined {
  if (service.deadLetters === undefined) return undefined;
  const { clock, drops, logger } = surroundings;
  const self = { kind: 'service', id: 'dead_letters', logger };
  return new DeadLetterStore({
    directory: service.deadLetters.directory,
    maxBytes: service.deadLetters.max_size,
    clock,
    onEvicted: (count, signal) => drops.dropped(self, count, signal, 'dead_letters_full'),
  });
}
