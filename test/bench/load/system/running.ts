import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentMb } from '../machine.ts';
import type { Workload } from '../workload.ts';
import { Child, testedCore } from './child.ts';
import type { System } from './system.ts';

/** A system under test that takes data. */
export interface Running {
  readonly system: System;
  readonly child: Child;
  /** Where it takes data. */
  readonly port: number;
  /** From the start of the process until its port answered. */
  readonly startMs: number;
  /** Resident memory before the first request. */
  readonly idleMb: number;
  stop(): Promise<void>;
}

export interface Sinks {
  readonly grpc: string;
  readonly http: string;
}

const patience = 20_000;

/** Starts a system for a workload. Rejects with what the system said where it does not start. */
export async function start(system: System, workload: Workload, sinks: Sinks, profile?: string): Promise<Running> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const since = performance.now();
  const child = new Child(system.command(workload, profile), {
    core: testedCore,
    env: {
      ...system.env,
      PORT: String(port),
      SINK_GRPC: sinks.grpc,
      SINK_HTTP: sinks.http,
      COMPRESSION: workload.compression,
      DIRECTORY: directory,
    },
  });
  try {
    await listening(child, port);
  } catch (error) {
    await child.stop();
    rmSync(directory, { recursive: true });
    throw error;
  }
  const startMs = performance.now() - since;
  await sleep(500);
  const stop = async (): Promise<void> => {
    await child.stop();
    rmSync(directory, { recursive: true });
  };
  return { system, child, port, startMs, idleMb: residentMb(child.pid).now, stop };
}

async function listening(child: Child, port: number): Promise<void> {
  for (const until = performance.now() + patience; performance.now() < until; await sleep(10)) {
    if (child.ended) throw new Error(`it ended: ${child.said}`);
    const socket = connect({ host: '127.0.0.1', port });
    const answered = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (answered) return;
  }
  throw new Error(`it does not listen: ${child.said}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
