import { setTimeout as sleep } from 'node:timers/promises';
import { passesFilter } from './data/request.ts';
import type { LoadOptions, LoadResult } from './generator/load.ts';
import type { Percentiles } from './latencies.ts';
import { coreSeconds, cpuSeconds, residentMb } from './machine.ts';
import type { Verdict } from './sink/ledger.ts';
import { ownCore, testedCore, type Child } from './system/child.ts';
import type { Running } from './system/running.ts';
import type { Workload } from './workload.ts';

/** What one system did with one load. */
export interface Turn extends Verdict {
  readonly records: number;
  readonly seconds: number;
  readonly refused: number;
  /** Bytes that the sink got for each of its records, compressed or not. */
  readonly bytesOut: number;
  /** CPU seconds, user and system, for a million records. */
  readonly cpuPerMillion: number;
  readonly latency: Percentiles;
  /** Median of samples. */
  readonly residentMb: number;
  /** Part of the generator's and sink's core that was busy. */
  readonly ownCoreBusy: number;
  /** Part of that core that generator and sink used themselves. */
  readonly ownUse: number;
  /** Part of the tested core that somebody else used, and that other guests of the host stole from both cores. */
  readonly disturbed: number;
  readonly stolen: number;
}

/** The generator is no measure of the system once its own core is full. */
export const isVoid = ({ ownCoreBusy }: Turn): boolean => ownCoreBusy > 0.95;

export interface Stand {
  readonly workload: Workload;
  readonly generator: Child;
  readonly sink: Child;
}

const drainMs = 5000;

/** Puts a load on a system and waits until all of it arrived, or no longer will. */
export async function turn(
  { workload, generator, sink }: Stand,
  running: Running,
  load: Omit<LoadOptions, 'port'>,
): Promise<Turn> {
  const { pid } = running.child;
  await sink.ask('reset');
  const samples: number[] = [];
  const sampler = setInterval(() => samples.push(residentMb(pid).now), 200);
  const before = readings(pid, [generator, sink]);
  const began = performance.now();
  try {
    const result = await generator.ask<LoadResult | { failed: string }>({ ...load, port: running.port });
    if ('failed' in result) throw new Error(`${running.system.name}: ${result.failed}; it said: ${running.child.said}`);
    const bytesOut = await drained(sink, result, workload);
    const after = readings(pid, [generator, sink]);
    const wall = (performance.now() - began) / 1000;
    const { signal, count, filters } = workload;
    const { requests, sends, records, seconds, refused, latency } = result;
    const verdict = await sink.ask<Verdict>({ signal, count, filters, requests, sends });
    const cpu = after.cpu - before.cpu;
    return {
      ...verdict,
      records,
      seconds,
      refused,
      latency,
      bytesOut,
      cpuPerMillion: (cpu / records) * 1e6,
      residentMb: median(samples),
      ownCoreBusy: (after.own.busy - before.own.busy) / wall,
      ownUse: (after.used - before.used) / wall,
      disturbed: Math.max(0, after.tested.busy - before.tested.busy - cpu) / wall,
      stolen: (after.own.stolen + after.tested.stolen - before.own.stolen - before.tested.stolen) / wall,
    };
  } finally {
    clearInterval(sampler);
  }
}

interface Readings {
  readonly cpu: number;
  readonly used: number;
  readonly own: ReturnType<typeof coreSeconds>;
  readonly tested: ReturnType<typeof coreSeconds>;
}

function readings(pid: number, helpers: readonly Child[]): Readings {
  const used = helpers.reduce((sum, child) => sum + cpuSeconds(child.pid), 0);
  return { cpu: cpuSeconds(pid), used, own: coreSeconds(ownCore), tested: coreSeconds(testedCore) };
}

/** Resolves to the bytes for each record that arrived. */
async function drained(sink: Child, { records }: LoadResult, { count, filters, signal }: Workload): Promise<number> {
  const kept = Array.from({ length: count }, (_unused, index) => !filters || passesFilter(signal, index)).filter(
    Boolean,
  );
  const expected = (records / count) * kept.length;
  for (const until = performance.now() + drainMs; ; await sleep(20)) {
    const arrived = await sink.ask<{ records: number; bytes: number }>('progress');
    if (arrived.records >= expected || performance.now() > until) return arrived.bytes / arrived.records;
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
