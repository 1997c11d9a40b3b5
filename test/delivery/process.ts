import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { eventually, startProgram, type Program } from '../interop/program.ts';

/** `SLUICE_PROGRAM=dist/cli.js` for the bundle, as it is installed: it takes less memory than the sources. */
const main = resolve(process.env['SLUICE_PROGRAM'] ?? new URL('../../src/cli/main.ts', import.meta.url).pathname);

/** A folder that goes when the test is over. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'sluice-delivery-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Sluice as a process of its own, which a test may kill. */
export class SluiceProcess {
  readonly program: Program;
  private readonly readyText: RegExp;

  constructor(program: Program, readyText = / ready /) {
    this.program = program;
    this.readyText = readyText;
  }

  /** The Collector at `path` in place of Sluice, to compare them: it takes the same configuration. */
  static startCollector(path: string, config: string): SluiceProcess {
    const file = join(folder(), 'collector.yaml');
    writeFileSync(file, config);
    const started = new SluiceProcess(startProgram(path, ['--config', file]), /Everything is ready/);
    onTestFinished(() => started.kill());
    return started;
  }

  /**
   * Starts it; `wrapper` is a command that starts another, such as `prlimit --nofile=64`. It has to leave the process id to
   * the program it starts. The process is killed when the test is over.
   */
  static start(config: string, wrapper: readonly string[] = []): SluiceProcess {
    const file = join(folder(), 'sluice.yaml');
    writeFileSync(file, config);
    const args = ['--conditions=@sluice/source', main, 'run', '-c', file];
    const [command = process.execPath, ...before] = wrapper;
    const started = new SluiceProcess(
      startProgram(command, wrapper.length === 0 ? args : [...before, process.execPath, ...args]),
    );
    onTestFinished(() => started.kill());
    return started;
  }

  /** Resolves when it takes data, with the milliseconds since the call. */
  async ready(ms = 60_000): Promise<number> {
    const since = performance.now();
    const { program } = this;
    await eventually(
      () => `starting (it printed: ${program.output()})`,
      () => {
        if (program.process.exitCode !== null) throw new Error(`it ended: ${program.output()}`);
        return this.readyText.test(program.output()) ? true : undefined;
      },
      ms,
    );
    return performance.now() - since;
  }

  /** How long a start takes here and now, in milliseconds. The process is gone afterwards. */
  async firstStart(): Promise<number> {
    const ms = await this.ready();
    await this.kill();
    return ms;
  }

  get running(): boolean {
    return this.program.process.exitCode === null && this.program.process.signalCode === null;
  }

  signal(name: NodeJS.Signals): void {
    this.program.process.kill(name);
  }

  /** SIGKILL. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended();
  }

  async ended(ms = 15_000): Promise<{ readonly code: number | null; readonly output: string }> {
    const { program } = this;
    await eventually(
      () => `the end of the process (it printed: ${program.output()})`,
      () => (this.running ? undefined : true),
      ms,
    );
    return { code: program.process.exitCode, output: program.output() };
  }

  /** Resident memory now and at most, in MiB. */
  memory(): { readonly now: number; readonly peak: number } {
    const status = readFileSync(`/proc/${this.program.process.pid}/status`, 'utf8');
    const of = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? NaN) / 1024;
    return { now: of('VmRSS'), peak: of('VmHWM') };
  }
}
