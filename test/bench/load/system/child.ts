import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The generator and the sink share this core; the system under test has the other to itself. */
export const ownCore = 0;
export const testedCore = 1;

export interface StartOptions {
  readonly core: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly ipc?: boolean;
}

/** A process on one core. */
export class Child {
  readonly process: ChildProcess;
  private output = '';

  constructor(command: readonly string[], { core, env = {}, ipc = false }: StartOptions) {
    this.process = spawn('taskset', ['-c', String(core), ...command], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? (['ipc'] as const) : [])],
    });
    const end = (): void => void this.process.kill('SIGKILL');
    process.once('exit', end);
    this.process.once('exit', () => process.off('exit', end));
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-10_000)));
  }

  get pid(): number {
    if (this.process.pid === undefined) throw new Error('the process did not start; is taskset installed?');
    return this.process.pid;
  }

  get ended(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** The last lines that it printed. */
  get said(): string {
    return this.output.trim().split('\n').slice(-8).join('\n');
  }

  /** The next message of a process with `ipc`. Rejects when it ends instead. */
  async hear<T>(): Promise<T> {
    const abort = new AbortController();
    const { signal } = abort;
    try {
      return await Promise.race([
        once(this.process, 'message', { signal }).then(([message]) => message as T),
        once(this.process, 'exit', { signal }).then(() => {
          throw new Error(`${this.process.spawnargs.slice(3).join(' ').slice(0, 120)} ended: ${this.said}`);
        }),
      ]);
    } finally {
      abort.abort();
    }
  }

  async ask<T>(message: object | string): Promise<T> {
    const answer = this.hear<T>();
    this.process.send(message);
    return answer;
  }

  /** SIGTERM, and SIGKILL after five seconds. */
  async stop(): Promise<void> {
    if (this.ended) return;
    const exited = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), 5000);
    await exited;
    clearTimeout(timer);
  }
}
