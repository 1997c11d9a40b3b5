import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A program under test or a peer, with what it printed. */
export interface Program {
  readonly process: ChildProcess;
  output(): string;
  /** SIGTERM, then SIGKILL after ten seconds. Resolves with the exit code. */
  stop(): Promise<number | null>;
}

export function startProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Program {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const exited = once(child, 'exit');
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    process: child,
    output: () => output,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(timer);
      return child.exitCode;
    },
  };
}

/** Sluice, from its sources. */
export function startSluice(args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;
  return startProgram(process.execPath, ['--conditions=@sluice/source', main, ...args], env);
}

/** The path of a peer that was built beforehand; undefined where this machine has none. */
export function builtPeer(name: string): string | undefined {
  const named = name === 'otelcol' ? process.env['OTELCOL'] : undefined;
  const path = named ?? join(homedir(), '.cache/sluice-peers', name);
  return existsSync(path) ? path : undefined;
}

/** Ports of the loopback interface that are free now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Waits until `check` gives something; fails with `what` after `ms`. */
export async function eventually<T>(
  what: () => string,
  check: () => T | undefined | Promise<T | undefined>,
  ms = 10_000,
): Promise<T> {
  const until = Date.now() + ms;
  for (;;) {
    const result = await check();
    if (result !== undefined) return result;
    if (Date.now() > until) throw new Error(`${what()} did not happen within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
