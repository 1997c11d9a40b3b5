import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release } from 'node:os';

/** The kernel counts CPU time in hundredths of a second. */
const ticksPerSecond = 100;

/** CPU seconds, user and system, that a process used so far. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Resident memory in MB: now and the most there ever was. */
export function residentMb(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const read = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

/** Seconds that a core was busy, and stolen by other guests of its host, since the machine started. */
export function coreSeconds(core: number): { busy: number; stolen: number } {
  const line =
    readFileSync('/proc/stat', 'latin1')
      .split('\n')
      .find((one) => one.startsWith(`cpu${core} `)) ?? '';
  const [user, nice, system, , , irq, softirq, steal] = line.trim().split(/\s+/).slice(1).map(Number);
  const busy = [user, nice, system, irq, softirq, steal].reduce<number>((sum, one) => sum + (one ?? 0), 0);
  return { busy: busy / ticksPerSecond, stolen: (steal ?? 0) / ticksPerSecond };
}

export function load(): number {
  return loadavg()[0] ?? 0;
}

/** One line for a report. */
export function machine(): string {
  const memory = Number(/MemTotal:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'latin1'))?.[1] ?? 0);
  return `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown kind'}, ${Math.round(memory / 1024 / 1024)} GB, Linux ${release()}`;
}
