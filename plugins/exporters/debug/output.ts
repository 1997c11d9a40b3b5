import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { forTerminal } from './escape.ts';

/** Where text goes when it does not go to the log. */
export interface Output {
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/** `stdout`, `stderr`, or a file that is appended to, each with its control characters escaped. */
export async function openOutput(path: string): Promise<Output> {
  if (path === 'stdout' || path === 'stderr') return { write: writer(process[path]), close: async () => {} };
  const file = createWriteStream(path, { flags: 'a', mode: 0o600 });
  await once(file, 'open');
  return {
    write: writer(file),
    async close() {
      file.end();
      await finished(file);
    },
  };
}

function writer(stream: NodeJS.WritableStream): (text: string) => Promise<void> {
  return (text) =>
    new Promise((resolve, reject) => {
      stream.write(forTerminal(text), (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
}
