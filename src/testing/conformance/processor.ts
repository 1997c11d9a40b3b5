import type { ProcessorDefinition } from '../../plugin/index.ts';
import { receive } from '../../wire/index.ts';
import { openProcessor, runProcessor } from '../run-processor.ts';
import { samples } from './samples.ts';
import { streamChecks } from './stream.ts';
import type { Check, Conditions } from './types.ts';

/** Checks of a processor of any form, for each signal it takes. */
export function processorChecks(definition: ProcessorDefinition, { config, context }: Conditions): readonly Check[] {
  return definition.signals.flatMap((signal) => {
    const batches = samples(signal);
    const checks: Check[] = [
      ...streamChecks((onOut) => openProcessor(definition, config, { ...context?.(), onOut }), batches),
      {
        name: 'what comes out is well formed and counted right',
        async run() {
          const run = await runProcessor(definition, config, batches, context?.());
          for (const { signal, bytes, count, meta } of run.batches) {
            const found = receive(signal, bytes, meta).count;
            if (found !== count) throw new Error(`a batch says that it has ${count} records, and has ${found}`);
          }
        },
      },
    ];
    return checks.map(({ name, run }) => ({ name: `${signal}: ${name}`, run }));
  });
}
