import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export const root = join(import.meta.dirname, '../..');

export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program as a process of its own. It is killed when the test is over. */
export class Program {
  stdout = '';
  stderr = '';
  readonly #process: ChildProcess;
  readonly #ended: Promise<number | null>;

  constructor(args: readonly string[], options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {}) {
    const { env = {}, cwd = root } = options;
    this.#process = spawn(process.execPath, ['--conditions=@sluice/source', join(root, 'src/cli/main.ts'), ...args], {
      cwd,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.#process.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.#ended = once(this.#process, 'close').then(([code]) => code as number | null);
    onTestFinished(() => {
      this.#process.kill('SIGKILL');
    });
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  async end(): Promise<Result> {
    const code = await this.#ended;
    return { code, stdout: this.stdout, stderr: this.stderr };
  }

  /** Waits for a line on standard error that fits, and gives what it found. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (let waited = 0; waited < 10_000; waited += 20) {
      const found = pattern.exec(this.stderr);
      if (found !== null) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`nothing like ${String(pattern)} within 10 s:\n${this.stderr}`);
  }

  /** The address of the OTLP receiver, as soon as everything has started. */
  async ready(): Promise<string> {
    await this.says(/ ready /);
    return (await this.says(/listening for otlp.*"address":"([^"]+)"/))[1] as string;
  }
}

export function sluice(...args: readonly string[]): Promise<Result> {
  return new Program(args).end();
}

/** Files in a folder of their own, which goes when the test is over. Gives the path of the folder. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Sends log records with these bodies as OTLP/JSON. */
export function sendLogs(address: string, bodies: readonly string[]): Promise<Response> {
  const logRecords = bodies.map((body) => ({ body: { stringValue: body } }));
  return fetch(`http://${address}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
  });
}
