import process from 'node:process';

/** Writes to standard output: what a command is asked for. */
export function print(text: string): void {
  process.stdout.write(text);
}

/** Writes to standard error: what goes wrong, and what a person should know. */
export function complain(text: string): void {
  process.stderr.write(text);
}

/** Whether what is written to standard error may be coloured. */
export function coloured(): boolean {
  return process.stderr.isTTY && process.stderr.hasColors();
}

/** A reader that went away (`sluice components | head`) is no mistake, and no reason to stop a service. */
export function guardOutput(): void {
  const ignore = (): void => {};
  process.stdout.on('error', ignore);
  process.stderr.on('error', ignore);
}
