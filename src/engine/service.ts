import { config as rxConfig } from 'rxjs';
import type { ComponentConfig, Configuration } from '../config/index.ts';
import { systemClock, type Clock } from '../flow/index.ts';
import type {
  Context,
  ExtensionContext,
  Health,
  Kind,
  Listener,
  ReceiverContext,
  Stop,
  Transport,
} from '../plugin/index.ts';
import { createContext, type Surroundings } from './contexts.ts';
import { Ledger } from './delivery/ledger.ts';
import { ByteWindow } from './delivery/window.ts';
import { Exporters } from './export/exporters.ts';
import { Extensions } from './extensions.ts';
import { Intake } from './pipeline/intake.ts';
import { Pipelines } from './pipeline/pipelines.ts';
import type { Graph, ReceiverNode } from './plan/graph.ts';
import { plan } from './plan/plan.ts';
import { starting } from './start-error.ts';
import { StatusBoard } from './status.ts';
import { storageIn } from './storage-in.ts';
import { DropCounter, receiverCounts } from './telemetry/component-counts.ts';
import { createLogger, type RootLogger } from './telemetry/logger.ts';
import { serveMetrics } from './telemetry/metrics-server.ts';
import { observeProcess } from './telemetry/process-metrics.ts';
import { MetricRegistry, type Family } from './telemetry/registry.ts';

export interface ServiceOptions {
  readonly configuration: Configuration;
  readonly createTransport: (options: { readonly logger: RootLogger; readonly clock: Clock }) => Transport;
  readonly clock?: Clock;
  /** Where the log goes; standard error where it is left out. */
  readonly writeLog?: (line: string) => void;
}

/** A configuration that runs: started from the exporters to the receivers, stopped the other way round. */
export class Service {
  private readonly configuration: Configuration;
  private readonly graph: Graph;
  private readonly surroundings: Surroundings;
  private readonly window: ByteWindow;
  private readonly ledger: Ledger;
  /** Where receivers bring data; closes first. */
  private readonly intake: Intake;
  /** Where connectors bring data of their own; closes when the pipelines are over. */
  private readonly inner: Intake;
  private readonly stopping = new AbortController();
  private readonly extensionStops: Stop[] = [];
  private readonly exporters: Exporters;
  private readonly receiverStops: Stop[] = [];
  private pipelines: Pipelines | undefined;
  private metricsServer: Listener | undefined;

  constructor({ configuration, createTransport, clock = systemClock, writeLog }: ServiceOptions) {
    const { limits, telemetry } = configuration.service;
    this.configuration = configuration;
    this.graph = plan(configuration);
    const logger = createLogger({ ...telemetry.logs, ...(writeLog !== undefined && { write: writeLog }) });
    const registry = new MetricRegistry();
    this.surroundings = {
      logger,
      clock,
      registry,
      transport: createTransport({ logger, clock }),
      drops: new DropCounter(registry, clock),
      extensions: new Extensions(),
      status: new StatusBoard(clock.now()),
      signal: this.stopping.signal,
    };
    this.window = new ByteWindow(limits.window_bytes);
    this.ledger = new Ledger({
      clock,
      settleDeadlineMs: limits.settle_deadline,
      onOverdue: (component, heldMs) => logger.error({ component, heldMs }, 'data was held too long; it is refused'),
    });
    this.exporters = new Exporters({
      service: configuration.service,
      surroundings: this.surroundings,
      contextOf: (id) => this.context('exporter', id),
    });
    const entrance = { clock, window: this.window, ledger: this.ledger, answerWithinMs: limits.answer_within };
    this.intake = new Intake(entrance);
    this.inner = new Intake(entrance);
    rxConfig.onUnhandledError = (error) => logger.error({ err: error }, 'error outside any stage');
  }

  get logger(): RootLogger {
    return this.surroundings.logger;
  }

  health(): Health {
    return this.surroundings.status.health();
  }

  metrics(): Family[] {
    return this.surroundings.registry.snapshot();
  }

  /** Counts and logs an error that no component answered for; `origin` says where it came to light. */
  unexpected(error: unknown, origin: string): void {
    this.surroundings.registry.counter(
      'sluice_unexpected_errors_total',
      { description: 'Errors that no component answered for.' },
      { origin },
    ).value += 1;
    this.logger.error({ err: error, origin }, 'unexpected error');
  }

  /** Resolves when every receiver listens. Throws StartError, with nothing left running, where a component cannot start. */
  async start(): Promise<void> {
    try {
      this.observe();
      await this.startMetrics();
      for (const component of this.graph.extensions) await this.startExtension(component);
      await this.exporters.start(this.graph.exporters);
      this.composePipelines();
      for (const node of this.graph.receivers) await this.startReceiver(node);
    } catch (error) {
      await this.stop(0);
      throw error;
    }
    this.surroundings.status.ready = true;
    this.logger.info({ pipelines: this.graph.pipelines.map((pipeline) => pipeline.id) }, 'ready');
  }

  /** Stops taking data, delivers what is on its way until the drain timeout, and refuses the rest to its senders. */
  async stop(drainMs = this.configuration.service.limits.drain_timeout): Promise<void> {
    const { clock, status } = this.surroundings;
    // Nothing else may be left that keeps the process alive until the last delivery.
    const alive = setInterval(() => undefined, 1000);
    const deadline = clock.now() + drainMs;
    status.ready = false;
    // Before the pipelines end: what came in after that would wait in vain for as long as the drain takes.
    this.intake.close();
    const receivers = this.stopAll(this.receiverStops.splice(0), deadline);
    this.pipelines?.complete();
    this.inner.close();
    await receivers;
    await this.ledger.drained(deadline);
    await this.exporters.drain(deadline);
    this.ledger.refuseAll('shutting down');
    this.stopping.abort();
    await this.stopAll(this.exporters.stops(), deadline);
    for (const stop of this.extensionStops.splice(0).reverse()) await this.stopAll([stop], deadline);
    await this.metricsServer?.close(deadline);
    clearInterval(alive);
  }

  private async startExtension(component: ComponentConfig): Promise<void> {
    const { definition } = component;
    if (definition.kind !== 'extension') return;
    const plain = this.context('extension', component.id);
    const context: ExtensionContext = { ...plain, health: () => this.health(), storageIn: storageIn(plain.logger) };
    const running = await starting(`extension/${component.id}`, () => definition.start(component.config, context));
    this.surroundings.extensions.add(component.id, running);
    if (running.stop !== undefined) this.extensionStops.push(running.stop.bind(running));
  }

  private composePipelines(): void {
    this.pipelines = new Pipelines({
      graph: this.graph,
      intake: this.inner,
      registry: this.surroundings.registry,
      contextOf: (kind, id) => this.context(kind, id),
      outletOf: (id, signal) => this.exporters.outletOf(id, signal),
    });
  }

  private async startReceiver({ component, targets }: ReceiverNode): Promise<void> {
    const { definition, id } = component;
    if (definition.kind !== 'receiver') return;
    const name = `receiver/${id}`;
    const routes = new Map(
      [...targets].map(([signal, ids]) => {
        const entries = ids.map((pipeline) => (this.pipelines as Pipelines).entry(pipeline));
        return [signal, { entries, counts: receiverCounts(this.surroundings.registry, id, signal) }];
      }),
    );
    const emit: ReceiverContext['emit'] = async (batch, options) => {
      const route = routes.get(batch.signal);
      if (route === undefined) throw new TypeError(`${name} brought ${batch.signal}, which no pipeline takes from it`);
      try {
        await this.intake.bring(batch, route.entries, name, options?.deadline);
        route.counts.accepted.value += batch.count;
      } catch (error) {
        route.counts.refused.value += batch.count;
        throw error;
      }
    };
    const context: ReceiverContext = { ...this.context('receiver', id), signals: new Set(targets.keys()), emit };
    const stop = await starting(name, () => definition.start(component.config, context));
    if (stop !== undefined) this.receiverStops.push(stop);
  }

  private context(kind: Kind, id: string): Context {
    return createContext(this.surroundings, kind, id);
  }

  private async stopAll(stops: readonly Stop[], deadline: number): Promise<void> {
    const results = await Promise.allSettled(stops.map(async (stop) => stop(deadline)));
    for (const result of results)
      if (result.status === 'rejected')
        this.logger.error({ err: result.reason as unknown }, 'a component failed to stop');
  }

  private async startMetrics(): Promise<void> {
    const { prometheus } = this.configuration.service.telemetry.metrics;
    if (prometheus === undefined) return;
    const { transport, registry } = this.surroundings;
    const endpoint = `${prometheus.host.includes(':') ? `[${prometheus.host}]` : prometheus.host}:${prometheus.port}`;
    this.metricsServer = await starting('service/telemetry', () => serveMetrics(transport, registry, endpoint));
  }

  private observe(): void {
    const { registry } = this.surroundings;
    observeProcess(registry);
    registry.observe('sluice_window_used_bytes', 'gauge', { description: 'Data on its way.', unit: 'By' }, () => [
      { labels: {}, value: this.window.used },
    ]);
    registry.gauge('sluice_window_capacity_bytes', { description: 'Most data on its way.', unit: 'By' }).value =
      this.window.capacity;
    registry.observe('sluice_window_waiting_senders', 'gauge', { description: 'Senders that wait for room.' }, () => [
      { labels: {}, value: this.window.waiting },
    ]);
  }
}
