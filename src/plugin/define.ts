import type { Observable } from 'rxjs';
import type { z } from 'zod';
import type { Delivery, PermanentError, RetryableError } from '../flow/index.ts';
import type { Batch, Place, RecordOf, Signal, Step } from '../wire/index.ts';
import type { Capabilities, StorageProvider } from './capabilities.ts';
import type { Context, Kind, Logger } from './context.ts';

export type Stability = 'development' | 'alpha' | 'beta' | 'stable';

/** A schema for a component's options. Every field has a description; a test fails without one. */
export type ConfigSchema = z.ZodType;

interface Described<K extends Kind, C extends ConfigSchema> {
  readonly kind: K;
  /** The name in YAML, snake_case: a protocol's name for receivers and exporters, a verb or the Collector's name for processors. */
  readonly type: string;
  /** One sentence for people who choose components. */
  readonly summary: string;
  readonly stability: Stability;
  /** Earlier names. They still load, with one line that says so. */
  readonly aliases: readonly string[];
  readonly config: C;
}

type Definable<D> = Omit<D, 'kind' | 'stability' | 'aliases'> & {
  readonly stability?: Stability;
  readonly aliases?: readonly string[];
};

/**
 * Ends what `start` began. It resolves when nothing of it is left running. What is under way may end first, until
 * `deadline` in milliseconds since the epoch.
 */
export type Stop = (deadline: number) => Promise<void> | void;

// ---- receivers

export interface ReceiverContext extends Context {
  /** The signals that some pipeline takes from this receiver. */
  readonly signals: ReadonlySet<Signal>;
  /**
   * Hands a batch to the pipelines. It waits for room, then for the outcome: it resolves when every destination has the
   * data, and rejects with RetryableError or PermanentError. `deadline` is when the sender stops waiting, in milliseconds
   * since the epoch; without one, the engine's own bound holds. A receiver that can wait for ever passes Infinity.
   */
  emit(batch: Batch, options?: { readonly deadline?: number }): Promise<void>;
}

export interface ReceiverDefinition<C extends ConfigSchema = ConfigSchema> extends Described<'receiver', C> {
  readonly signals: readonly Signal[];
  /** Whether several workers may share what it listens on (`port`), or exactly one may run it (`single`: tails, polls, scrapes). */
  readonly sharing: 'port' | 'single';
  start(config: z.output<C>, context: ReceiverContext): Promise<Stop | void> | Stop | void;
}

export function defineReceiver<C extends ConfigSchema>(
  definition: Definable<Omit<ReceiverDefinition<C>, 'start'>> & {
    start(config: z.output<C>, context: ReceiverContext): Promise<Stop | void> | Stop | void;
  },
): ReceiverDefinition<C> {
  return { kind: 'receiver', ...withDefaults(definition) };
}

// ---- processors

interface ProcessorBase<C extends ConfigSchema, S extends Signal> extends Described<'processor', C> {
  readonly signals: readonly S[];
}

/** A function over single records: change and return it, or return undefined to drop it. It sees neither acks nor pressure. */
export interface RecordProcessor<
  C extends ConfigSchema = ConfigSchema,
  S extends Signal = Signal,
> extends ProcessorBase<C, S> {
  record(record: RecordOf<S>, config: z.output<C>, place: Place<S>): RecordOf<S> | undefined;
}

/** What becomes of one record: itself, changed or not, or undefined to drop it. */
export type RecordChange = (record: RecordOf<Signal>, place: Place) => RecordOf<Signal> | undefined;

export interface EditContext {
  readonly signal: Signal;
  readonly logger: Logger;
}

/**
 * Steps for the fused plan: no record is decoded, and neighbouring plans become one walk. Where its options ask for what
 * steps cannot say, it returns a function over records instead.
 */
export interface EditProcessor<C extends ConfigSchema = ConfigSchema> extends ProcessorBase<C, Signal> {
  edit(config: z.output<C>, context: EditContext): readonly Step[] | RecordChange;
}

/** RxJS over deliveries, for what needs time, state or several batches. Every delivery must come out, or be settled. */
export interface OperatorProcessor<C extends ConfigSchema = ConfigSchema> extends ProcessorBase<C, Signal> {
  operator(deliveries: Observable<Delivery>, config: z.output<C>, context: Context): Observable<Delivery>;
}

export type ProcessorDefinition<C extends ConfigSchema = ConfigSchema> =
  RecordProcessor<C> | EditProcessor<C> | OperatorProcessor<C>;

type Fields<D, S extends Signal> = Definable<Omit<D, 'signals'>> & { readonly signals?: readonly S[] };

/**
 * A processor in one of its three forms: `record`, `edit` or `operator`. A function over records takes logs unless
 * `signals` says otherwise; steps and operators take every signal.
 */
export function defineProcessor<C extends ConfigSchema, const S extends Signal = 'logs'>(
  definition:
    Fields<RecordProcessor<C, S>, S> | Fields<EditProcessor<C>, Signal> | Fields<OperatorProcessor<C>, Signal>,
): ProcessorDefinition<C> {
  const signals = definition.signals ?? ('record' in definition ? ['logs'] : ['logs', 'traces', 'metrics']);
  return { kind: 'processor', ...withDefaults(definition), signals } as unknown as ProcessorDefinition<C>;
}

// ---- exporters

/** What a destination said to data that it took only in part. What is named nowhere here is delivered. */
export interface Sent {
  /** Records refused for good, where nobody knows which they are. They are counted and reported, and not sent again. */
  readonly rejected: number;
  readonly message: string;
  /** Records refused for good, by reason. Each part becomes what a batch of its own would that was refused with this error. */
  readonly refused?: readonly { readonly batch: Batch; readonly error: PermanentError }[];
  /** Records that may go through later. The engine sends these again, and only these. */
  readonly later?: { readonly batch: Batch; readonly error: RetryableError };
}

export interface RunningExporter {
  /**
   * Sends one batch. It resolves when the destination has it, with what became of the rest where it has only a part, and throws
   * RetryableError or PermanentError where it has nothing; `signal` aborts at the configured timeout. Queue, retries, batching
   * and concurrency are the engine's.
   */
  send(batch: Batch, options: { readonly signal: AbortSignal }): Promise<Sent | void>;
  stop?: Stop;
}

export interface ExporterDefinition<C extends ConfigSchema = ConfigSchema> extends Described<'exporter', C> {
  readonly signals: readonly Signal[];
  /**
   * `queued`: the engine adds `sending_queue`, `retry_on_failure` and `timeout` to the options (the default).
   * `direct`: batches go straight to `send`, several at a time and each once, as for files and the console.
   */
  readonly delivery: 'queued' | 'direct';
  /** Default of `timeout`, as a duration; `5s` where it is left out. */
  readonly timeout?: string;
  start(config: z.output<C>, context: Context): Promise<RunningExporter> | RunningExporter;
}

export function defineExporter<C extends ConfigSchema>(
  definition: Definable<Omit<ExporterDefinition<C>, 'delivery' | 'start'>> & {
    readonly delivery?: 'queued' | 'direct';
    start(config: z.output<C>, context: Context): Promise<RunningExporter> | RunningExporter;
  },
): ExporterDefinition<C> {
  return { kind: 'exporter', delivery: 'queued', ...withDefaults(definition) };
}

// ---- connectors

export interface ConnectorContext extends Context {
  readonly from: Signal;
  readonly to: Signal;
  /** The pipelines that take what comes out, by id. */
  readonly pipelines: readonly string[];
  /** Hands over data of the connector's own making, as a receiver does. */
  emit(batch: Batch, options?: { readonly deadline?: number }): Promise<void>;
}

/** Output for some of the pipelines only; a plain delivery goes to all of them. */
export interface Routed {
  readonly delivery: Delivery;
  readonly pipelines: readonly string[];
}

export interface ConnectorDefinition<C extends ConfigSchema = ConfigSchema> extends Described<'connector', C> {
  /** Which signals may come out, for each that goes in. */
  readonly pairs: Readonly<Partial<Record<Signal, readonly Signal[]>>>;
  /** From the end of some pipelines to the start of others. Every delivery must come out, or be settled. */
  connect(
    deliveries: Observable<Delivery>,
    config: z.output<C>,
    context: ConnectorContext,
  ): Observable<Delivery | Routed>;
}

export function defineConnector<C extends ConfigSchema>(
  definition: Definable<Omit<ConnectorDefinition<C>, 'connect'>> & {
    connect(
      deliveries: Observable<Delivery>,
      config: z.output<C>,
      context: ConnectorContext,
    ): Observable<Delivery | Routed>;
  },
): ConnectorDefinition<C> {
  return { kind: 'connector', ...withDefaults(definition) };
}

// ---- extensions

/** How the whole service fares. */
export interface Health {
  /** True from the moment every receiver listens until the stop begins. */
  readonly ready: boolean;
  readonly startedAt: number;
  /** Components that reported anything but `ok`. */
  readonly problems: readonly {
    readonly component: string;
    readonly status: 'recoverable_error' | 'permanent_error';
    readonly message: string;
  }[];
}

export interface ExtensionContext extends Context {
  health(): Health;
  /**
   * Storage in a folder on disk, which nobody else may use until it is released. Rejects where another process has it.
   */
  storageIn(directory: string): Promise<{ readonly provider: StorageProvider; readonly release: () => Promise<void> }>;
}

export interface RunningExtension {
  /** What other components may ask for. */
  readonly provides?: Partial<Capabilities>;
  stop?: Stop;
}

export interface ExtensionDefinition<C extends ConfigSchema = ConfigSchema> extends Described<'extension', C> {
  start(config: z.output<C>, context: ExtensionContext): Promise<RunningExtension> | RunningExtension;
}

export function defineExtension<C extends ConfigSchema>(
  definition: Definable<Omit<ExtensionDefinition<C>, 'start'>> & {
    start(config: z.output<C>, context: ExtensionContext): Promise<RunningExtension> | RunningExtension;
  },
): ExtensionDefinition<C> {
  return { kind: 'extension', ...withDefaults(definition) };
}

/** Any component. */
export type Definition =
  ReceiverDefinition | ProcessorDefinition | ExporterDefinition | ConnectorDefinition | ExtensionDefinition;

function withDefaults<
  D extends { readonly config: ConfigSchema; readonly stability?: Stability; readonly aliases?: readonly string[] },
>(definition: D): D & { readonly stability: Stability; readonly aliases: readonly string[] } {
  return {
    ...definition,
    config: refusingUnknown(definition.config),
    stability: definition.stability ?? 'development',
    aliases: definition.aliases ?? [],
  };
}

/** An option that a component does not know is a mistake, also where its author wrote `z.object`. */
function refusingUnknown<C extends ConfigSchema>(config: C): C {
  const { def } = config as unknown as z.ZodObject;
  return def.type === 'object' && def.catchall === undefined
    ? ((config as unknown as z.ZodObject).strict() as unknown as C)
    : config;
}
