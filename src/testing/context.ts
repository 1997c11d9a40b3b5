import { signals, type Batch, type Signal } from '../wire/index.ts';
import type {
  ConnectorContext,
  Context,
  ExtensionContext,
  Kind,
  Logger,
  Metrics,
  ReceiverContext,
  Storage,
} from '../plugin/index.ts';
import { fakeTransport } from './fake-transport.ts';
import { ManualClock } from './manual-clock.ts';

export interface LogLine {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: object;
}

/** The context of a component of any kind, with everything the component did to it. */
export interface TestContext extends ReceiverContext, ConnectorContext, ExtensionContext {
  readonly clock: ManualClock;
  readonly logs: readonly LogLine[];
  /** What was added to each counter, whatever the attributes, and the last value of each gauge; by name. */
  readonly measured: ReadonlyMap<string, number>;
  readonly drops: readonly { readonly count: number; readonly signal: Signal; readonly reason: string }[];
  readonly reports: readonly { readonly status: Parameters<Context['report']>[0]; readonly message?: string }[];
  /** Batches that were emitted. */
  readonly emitted: readonly Batch[];
  /** Aborts `signal`. */
  abort(): void;
}

/** What a test may give in place of the default. `extensions` are capabilities by id, whatever they are asked for. */
export type TestContextOptions = Partial<
  Omit<TestContext, 'logs' | 'measured' | 'drops' | 'reports' | 'emitted' | 'abort' | 'extension'>
> & {
  readonly extensions?: Readonly<Record<string, unknown>>;
};

/**
 * A context that records what a component does with it. Time is a {@link ManualClock}, the transport has no sockets,
 * storage is in memory, and `emit` takes everything unless the test gives its own.
 */
export function testContext(options: TestContextOptions = {}): TestContext {
  const { extensions = {}, emit = () => Promise.resolve(), ...given } = options;
  const kind: Kind = options.kind ?? 'processor';
  const { logger, logs } = recordingLogger();
  const { metrics, measured } = recordingMetrics();
  const abort = new AbortController();
  const emitted: Batch[] = [];
  const drops: TestContext['drops'][number][] = [];
  const reports: TestContext['reports'][number][] = [];
  const state = memoryStorage();
  return {
    id: 'test',
    kind,
    logger,
    metrics,
    clock: new ManualClock(),
    transport: fakeTransport(),
    signal: abort.signal,
    signals: new Set(signals),
    from: 'logs',
    to: 'logs',
    pipelines: ['logs'],
    health: () => ({ ready: true, startedAt: 0, problems: [] }),
    storageIn: (directory) =>
      Promise.resolve({
        provider: { directory, open: () => Promise.resolve(state) },
        release: () => Promise.resolve(),
      }),
    storage: () => Promise.resolve(state),
    ...given,
    extension(id, capability) {
      if (!Object.hasOwn(extensions, id))
        throw new Error(`no extension ${id} (wanted for ${capability}): testContext({ extensions: { '${id}': … } })`);
      return extensions[id] as ReturnType<typeof this.extension<typeof capability>>;
    },
    dropped: (count, signal, reason) => void drops.push({ count, signal, reason }),
    report: (status, message) => void reports.push(message === undefined ? { status } : { status, message }),
    async emit(batch, emitOptions) {
      emitted.push(batch);
      await emit(batch, emitOptions);
    },
    logs,
    measured,
    drops,
    reports,
    emitted,
    abort: () => abort.abort(),
  };
}

function recordingLogger(): { logger: Logger; logs: readonly LogLine[] } {
  const logs: LogLine[] = [];
  const at =
    (level: keyof Logger) =>
    (fields: object, message: string): void =>
      void logs.push({ level, message, fields });
  return { logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, logs };
}

function recordingMetrics(): { metrics: Metrics; measured: ReadonlyMap<string, number> } {
  const measured = new Map<string, number>();
  const metrics: Metrics = {
    counter: (name) => ({ add: (value) => void measured.set(name, (measured.get(name) ?? 0) + value) }),
    gauge: (name) => ({ set: (value) => void measured.set(name, value) }),
  };
  return { metrics, measured };
}

function memoryStorage(): Storage {
  const values = new Map<string, Uint8Array>();
  return {
    get: (key) => Promise.resolve(values.get(key)),
    set: async (key, value) => void values.set(key, new Uint8Array(value)),
    delete: async (key) => void values.delete(key),
  };
}
