import { join } from 'node:path';
import { letterFiles, lettersIn } from '../../src/engine/dead-letter/store.ts';
import { jsonToWire } from '../../src/wire/index.ts';
import { idsIn } from './records.ts';

export interface FoundLetter {
  readonly ids: readonly number[];
  readonly reason: string;
  readonly component: string;
  readonly time: string;
}

/** All dead letters in a folder, read back as data. */
export async function lettersOf(directory: string): Promise<FoundLetter[]> {
  const found: FoundLetter[] = [];
  for (const name of await letterFiles(directory)) {
    for await (const { letter, request } of lettersIn(join(directory, name))) {
      const { reason, component, time, signal } = letter;
      found.push({ ids: idsIn(jsonToWire(signal, Buffer.from(request)).bytes), reason, component, time });
    }
  }
  return found;
}
