import type { Configuration } from '../config/index.ts';
import { check, readSources } from './load.ts';
import { print } from './terminal.ts';

/** `sluice validate`. Resolves to the exit code. */
export async function validate(files: readonly string[], sets: readonly string[]): Promise<number> {
  const configuration = await check(readSources(files, sets));
  if (configuration === undefined) return 1;
  print(`${files.join(', ')}: valid, ${summary(configuration)}\n`);
  return 0;
}

function summary({ receivers, processors, exporters, connectors, service }: Configuration): string {
  const counts = [
    count(service.pipelines.length, 'pipeline'),
    count(receivers.size, 'receiver'),
    count(processors.size, 'processor'),
    count(connectors.size, 'connector'),
    count(exporters.size, 'exporter'),
  ];
  return counts.filter((text) => !text.startsWith('0 ')).join(', ');
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
