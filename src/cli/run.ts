import { flushCompileCache } from 'node:module';
import process from 'node:process';
import type { Configuration } from '../config/index.ts';
import { Service, StartError } from '../engine/index.ts';
import { createTransport } from '../transport/index.ts';
import { check, readSources } from './load.ts';
import { complain } from './terminal.ts';
import { tidyHeapSoon } from './tidy-heap.ts';

/** `sluice run`. Resolves to the exit code when the service has stopped. */
export async function run(files: readonly string[], sets: readonly string[], demo: boolean): Promise<number> {
  const configuration = await check(readSources(files, sets));
  if (configuration === undefined) return 1;
  const service = new Service({ configuration, createTransport });
  survive(service);
  const stopped = stopSignal();
  // Clocks of the engine keep no process alive, and not every pipeline listens on something.
  const alive = setInterval(() => {}, 60_000);
  try {
    await service.start();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    complain(`sluice: cannot start ${error.message}\n`);
    return leave(1, alive);
  }
  flushCompileCache();
  tidyHeapSoon();
  const endDemo = demo ? await startDemo(files, configuration) : undefined;
  await stopped;
  await endDemo?.();
  await service.stop();
  return leave(0, alive);
}

/** Nothing that a plugin forgot to catch ends the service. */
function survive(service: Service): void {
  process.on('uncaughtException', (error) => service.unexpected(error, 'uncaught exception'));
  process.on('unhandledRejection', (reason) => service.unexpected(reason, 'unhandled rejection'));
}

/** Resolves at the first SIGTERM or SIGINT; the second ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (): void => {
      if (asked) process.exit(1);
      asked = true;
      resolve();
    };
    process.on('SIGTERM', ask);
    process.on('SIGINT', ask);
  });
}

async function startDemo(files: readonly string[], configuration: Configuration): Promise<() => Promise<void>> {
  const { startDemo } = await import('./demo.ts');
  return startDemo(files, configuration);
}

/** Gives handles that a plugin left open half a second, and no more. */
function leave(code: number, alive: NodeJS.Timeout): number {
  clearInterval(alive);
  setTimeout(() => process.exit(code), 500).unref();
  return code;
}
