import type { ExporterDefinition, Sent } from '../plugin/index.ts';
import type { Batch } from '../wire/index.ts';
import { parseConfig } from './configure.ts';
import { testContext, type TestContext, type TestContextOptions } from './context.ts';

export interface ExporterRun {
  readonly context: TestContext;
  /** Sends as the engine does; rejects with what the exporter throws. */
  readonly send: (batch: Batch, options?: { readonly signal?: AbortSignal }) => Promise<Sent | undefined>;
  /** `deadline`, in milliseconds since the epoch, is five seconds from now where it is left out. */
  readonly stop: (deadline?: number) => Promise<void>;
}

/** Starts an exporter with options as they stand in YAML; those that the engine adds are left out. */
export async function runExporter(
  definition: ExporterDefinition,
  config: unknown = {},
  options: TestContextOptions = {},
): Promise<ExporterRun> {
  const context = testContext({ id: definition.type, kind: 'exporter', ...options });
  const exporter = await definition.start(parseConfig(definition, config), context);
  return {
    context,
    async send(batch, { signal = new AbortController().signal } = {}) {
      return (await exporter.send(batch, { signal })) ?? undefined;
    },
    async stop(deadline = context.clock.now() + 5000) {
      context.abort();
      await exporter.stop?.(deadline);
    },
  };
}
