import type { ExporterDefinition, ExtensionDefinition, ReceiverDefinition } from '../../plugin/index.ts';
import { runExporter } from '../run-exporter.ts';
import { runExtension } from '../run-extension.ts';
import { runReceiver } from '../run-receiver.ts';
import { settledWithin } from '../settled.ts';
import type { Check, Conditions } from './types.ts';

type Startable = ReceiverDefinition | ExporterDefinition | ExtensionDefinition;

/** Starts a component in the conditions of a check. */
export async function started(
  definition: Startable,
  { config, context }: Conditions,
): Promise<{ stop(): Promise<void> }> {
  if (definition.kind === 'receiver') return await runReceiver(definition, config, context?.());
  return definition.kind === 'exporter'
    ? await runExporter(definition, config, context?.())
    : await runExtension(definition, config, context?.());
}

/** Checks of components that are started and stopped. */
export function startStopChecks(definition: Startable, conditions: Conditions): readonly Check[] {
  return [
    {
      name: 'it starts, stops, and can be stopped once more',
      async run() {
        const running = await started(definition, conditions);
        await settledWithin([running.stop()], 'stopped');
        await settledWithin([running.stop()], 'stopped the second time');
      },
    },
    {
      name: 'it starts again after a stop',
      async run() {
        for (let i = 0; i < 2; i++) await settledWithin([(await started(definition, conditions)).stop()], 'stopped');
      },
    },
  ];
}
