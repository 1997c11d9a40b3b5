import type { ReceiverDefinition } from '../plugin/index.ts';
import type { Batch } from '../wire/index.ts';
import { parseConfig } from './configure.ts';
import { testContext, type TestContext, type TestContextOptions } from './context.ts';

export interface ReceiverRun {
  readonly context: TestContext;
  /** What the receiver emitted so far, refused or not. */
  readonly emitted: readonly Batch[];
  /** `deadline`, in milliseconds since the epoch, is five seconds from now where it is left out. */
  readonly stop: (deadline?: number) => Promise<void>;
}

/** Starts a receiver with options as they stand in YAML. Give `emit` to refuse data or to delay its outcome. */
export async function runReceiver(
  definition: ReceiverDefinition,
  config: unknown = {},
  options: TestContextOptions = {},
): Promise<ReceiverRun> {
  const context = testContext({ id: definition.type, kind: 'receiver', ...options });
  const stop = await definition.start(parseConfig(definition, config), context);
  return {
    context,
    emitted: context.emitted,
    async stop(deadline = context.clock.now() + 5000) {
      context.abort();
      await stop?.(deadline);
    },
  };
}
