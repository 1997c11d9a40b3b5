import type { Capabilities, ExtensionDefinition } from '../plugin/index.ts';
import { parseConfig } from './configure.ts';
import { testContext, type TestContext, type TestContextOptions } from './context.ts';

export interface ExtensionRun {
  readonly context: TestContext;
  readonly provides: Partial<Capabilities>;
  /** `deadline`, in milliseconds since the epoch, is five seconds from now where it is left out. */
  readonly stop: (deadline?: number) => Promise<void>;
}

/** Starts an extension with options as they stand in YAML. */
export async function runExtension(
  definition: ExtensionDefinition,
  config: unknown = {},
  options: TestContextOptions = {},
): Promise<ExtensionRun> {
  const context = testContext({ id: definition.type, kind: 'extension', ...options });
  const extension = await definition.start(parseConfig(definition, config), context);
  return {
    context,
    provides: extension.provides ?? {},
    async stop(deadline = context.clock.now() + 5000) {
      context.abort();
      await extension.stop?.(deadline);
    },
  };
}
