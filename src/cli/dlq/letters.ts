import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { readLetter } from '../../engine/index.ts';

/** A line of a dead-letter file. What is no letter, such as a line that a crash cut short, has its text only. */
export interface Line {
  readonly text: string;
  readonly parsed: ReturnType<typeof readLetter> | undefined;
}

/** The lines of a dead-letter file, one at a time. */
export async function* linesOf(path: string): AsyncGenerator<Line> {
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (text !== '') yield { text, parsed: parse(text) };
  }
}

function parse(text: string): Line['parsed'] {
  try {
    return readLetter(text);
  } catch {
    return undefined;
  }
}
