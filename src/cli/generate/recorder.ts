import type { Logger, Meter, Tracer } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { MeterProvider, MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';

/** Where the services of the shop leave their telemetry, until it is taken to be sent. */
export class Tray {
  #spans: ReadableSpan[] = [];
  #logs: ReadableLogRecord[] = [];
  readonly #readers: OnDemandReader[] = [];

  /** Spans and log records that wait. */
  get size(): number {
    return this.#spans.length + this.#logs.length;
  }

  takeSpans(): ReadableSpan[] {
    return this.#spans.splice(0);
  }

  takeLogs(): ReadableLogRecord[] {
    return this.#logs.splice(0);
  }

  /** The metrics of each service as they stand now. */
  async collectMetrics(): Promise<ResourceMetrics[]> {
    const results = await Promise.all(this.#readers.map((reader) => reader.collect()));
    return results.map(({ resourceMetrics }) => resourceMetrics);
  }

  /** A service with the OpenTelemetry SDK, as an application would set it up. */
  service(name: string, version: string): Service {
    const resource = resourceFromAttributes({
      'service.name': name,
      'service.version': version,
      'service.namespace': 'shop',
      'deployment.environment.name': 'demo',
      'host.name': `${name}-1`,
    });
    const done = Promise.resolve();
    const idle = { forceFlush: () => done, shutdown: () => done };
    const tracers = new TracerProvider({
      resource,
      spanProcessors: [{ onStart: () => {}, onEnd: (span) => this.#spans.push(span), ...idle }],
    });
    const loggers = new LoggerProvider({
      resource,
      processors: [{ onEmit: (record) => this.#logs.push(record), ...idle }],
    });
    const reader = new OnDemandReader();
    const meters = new MeterProvider({ resource, readers: [reader] });
    this.#readers.push(reader);
    const scope = `shop.${name}`;
    return {
      tracer: tracers.getTracer(scope, version),
      logger: loggers.getLogger(scope, version),
      meter: meters.getMeter(scope, version),
    };
  }
}

/** What a service of the shop records with. */
export interface Service {
  readonly tracer: Tracer;
  readonly logger: Logger;
  readonly meter: Meter;
}

class OnDemandReader extends MetricReader {
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }

  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
}
