import process from 'node:process';
import { signals } from '../../wire/index.ts';
import { complain, print } from '../terminal.ts';
import type { GenerateOptions } from './options.ts';
import { stream, type Report } from './stream.ts';

/** `sluice generate`. Resolves to the exit code: 1 where something did not get through. */
export async function generate(options: GenerateOptions): Promise<number> {
  const endpoint = options.endpoint ?? `http://localhost:${options.protocol === 'grpc' ? 4317 : 4318}`;
  const stop = new AbortController();
  const ask = (): void => (stop.signal.aborted ? process.exit(1) : stop.abort());
  process.on('SIGINT', ask);
  process.on('SIGTERM', ask);
  const length = options.duration === undefined ? 'until Ctrl-C' : `for ${options.duration} s`;
  complain(
    `sending ${options.signals.join(', ')} to ${endpoint} (${options.protocol}), ${options.rate} requests/s, ${length}\n`,
  );
  // Clocks and clients of the engine keep no process alive; this one has to live until it has reported.
  const alive = setInterval(() => {}, 1000);
  const report = await stream({ ...options, endpoint }, stop.signal);
  clearInterval(alive);
  process.off('SIGINT', ask);
  process.off('SIGTERM', ask);
  print(summary(report));
  if (report.lastError === undefined) return 0;
  complain(`sluice: not everything got through; the last error was: ${report.lastError}\n`);
  return 1;
}

const nouns = { logs: 'log records', traces: 'spans', metrics: 'data points' } as const;

function summary({ tallies }: Report): string {
  return signals
    .map((signal) => `${nouns[signal]}: ${tallies[signal].sent} sent, ${tallies[signal].failed} failed\n`)
    .join('');
}
