import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Who holds a lock: a process id alone comes back after a restart of the process, the container or the machine. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start of the process, in ticks since boot; empty where the system does not tell. */
  readonly started: string;
  /** Changes with every boot of the machine. */
  readonly boot: string;
  /** Process ids mean the same only within one namespace, that is, one container. */
  readonly namespace: string;
}

export async function ownIdentity(): Promise<ProcessIdentity> {
  return {
    pid: process.pid,
    started: await startOf(process.pid),
    boot: (await text('/proc/sys/kernel/random/boot_id')) || hostname(),
    namespace: await readlink('/proc/self/ns/pid').catch(() => ''),
  };
}

/** Whether the process still runs; undefined where that cannot be seen from here (another container). */
export async function isRunning(holder: ProcessIdentity, own: ProcessIdentity): Promise<boolean | undefined> {
  if (holder.boot !== own.boot) return holder.boot === '' || own.boot === '' ? undefined : false;
  if (holder.namespace !== own.namespace) return undefined;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return holder.started === '' || (await startOf(holder.pid)) === holder.started;
}

async function startOf(pid: number): Promise<string> {
  const stat = await text(`/proc/${pid}/stat`);
  // The name in brackets may hold blanks and brackets; the start is the 20th field after it.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

async function text(path: string): Promise<string> {
  const content = await readFile(path, 'utf8').catch(() => '');
  return content.trim();
}
