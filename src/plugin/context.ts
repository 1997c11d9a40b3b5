import type { Clock } from '../flow/index.ts';
import type { Signal } from '../wire/index.ts';
import type { Capabilities, Capability, Storage } from './capabilities.ts';
import type { Transport } from './transport.ts';

export type Kind = 'receiver' | 'processor' | 'exporter' | 'connector' | 'extension';

/** Logs as structured events: `logger.warn({ path }, 'file vanished')`. Values are data, never interpreted. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export type MetricLabels = Readonly<Record<string, string | number | boolean>>;

export interface MetricCounter {
  add(value: number, labels?: MetricLabels): void;
}

export interface MetricGauge {
  set(value: number, labels?: MetricLabels): void;
}

/** A component's own metrics. They carry its id as an attribute and show on `/metrics`, with `otelcol_` before the name. */
export interface Metrics {
  /** `unit` is UCUM: `By`, `s`, `{records}`. */
  counter(name: string, options: { description: string; unit?: string }): MetricCounter;
  gauge(name: string, options: { description: string; unit?: string }): MetricGauge;
}

/** What the engine gives every component. */
export interface Context {
  /** `type` or `type/name`, as configured. */
  readonly id: string;
  readonly kind: Kind;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly transport: Transport;
  /** Aborts when the component has to stop; whatever waits should then give up. */
  readonly signal: AbortSignal;
  /** Counts records that go no further, under a reason in snake_case, and names them in the log. Nothing may vanish without it. */
  dropped(count: number, signal: Signal, reason: string): void;
  /** How the component fares, for health checks. `ok` until it says otherwise. */
  report(status: 'ok' | 'recoverable_error' | 'permanent_error', message?: string): void;
  /** What another component of the configuration offers. Throws where the id names none, or one that cannot do this. */
  extension<C extends Capability>(id: string, capability: C): Capabilities[C];
  /** The component's own state across restarts; kept in memory where no storage extension is configured. */
  storage(extensionId?: string): Promise<Storage>;
}
