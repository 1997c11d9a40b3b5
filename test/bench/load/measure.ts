import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { PayloadOptions } from './data/payload.ts';
import type { Percentiles } from './latencies.ts';
import { cpuSeconds, load, residentMb } from './machine.ts';
import { Child, ownCore } from './system/child.ts';
import { start, type Running, type Sinks } from './system/running.ts';
import type { System } from './system/system.ts';
import { isVoid, median, turn, type Stand, type Turn } from './turn.ts';
import { workloadId, type Workload } from './workload.ts';

/** What one system did with one workload: medians of its turns. */
export interface Figures {
  readonly cpuPerMillion: number;
  /** The least and the most of a turn. */
  readonly cpuRange: readonly [number, number];
  readonly recordsPerSecond: number;
  readonly bytesOut: number;
  readonly closed: Percentiles;
  /** At half of what the slower system can do. */
  readonly half: Percentiles;
  readonly halfRate: number;
  readonly halfCpuPerMillion: number;
  readonly residentMb: number;
  readonly peakMb: number;
  readonly idleMb: number;
  readonly startMs: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly foreign: number;
  readonly refused: number;
  /** Turns in which the generator's core was full, of all turns; where all were, the figures are theirs. */
  readonly voidTurns: number;
  /** Part of their core that generator and sink used. */
  readonly ownUse: number;
  readonly turns: number;
}

export interface Result {
  readonly id: string;
  readonly at: string;
  readonly target: number | null;
  readonly systems: Readonly<Record<string, Figures>>;
  readonly versions: Readonly<Record<string, string>>;
  /** As it is sent, for each record. */
  readonly bytesIn: number;
  /** Load average of the machine before the first turn; largest part of the tested core that others used in a turn, and stolen. */
  readonly load: number;
  readonly disturbed: number;
  readonly stolen: number;
}

export interface MeasureOptions {
  readonly seconds: number;
  /** CPU seconds: on a busy machine time alone warms nothing up. */
  readonly warmUp: number;
  readonly turns: number;
  readonly order: PayloadOptions['order'];
  /** Directory for CPU profiles of the first system. */
  readonly profile?: string;
}

/** Runs a workload on all systems in turns: same data, same order, short turns. */
export async function measure(
  workload: Workload,
  systems: readonly System[],
  options: MeasureOptions,
): Promise<Result> {
  const children: { stop(): Promise<void> }[] = [];
  try {
    const sink = spawnOwn('sink/main.ts', []);
    children.push(sink);
    const sinks = await sink.hear<Sinks>();
    const generator = spawnOwn('generator/main.ts', [JSON.stringify(workload), options.order]);
    children.push(generator);
    const { bytesPerRequest } = await generator.hear<{ bytesPerRequest: number }>();
    const runs: Running[] = [];
    for (const [index, system] of systems.entries()) {
      const running = await start(system, workload, sinks, index === 0 ? options.profile : undefined);
      children.push(running);
      runs.push(running);
    }
    return await inTurns({ workload, generator, sink }, runs, options, bytesPerRequest);
  } finally {
    for (const child of children.toReversed()) await child.stop();
  }
}

async function inTurns(
  stand: Stand,
  runs: readonly Running[],
  options: MeasureOptions,
  bytesPerRequest: number,
): Promise<Result> {
  const { turns, seconds, warmUp } = options;
  const before = load();
  for (const running of runs) await warm(stand, running, warmUp);
  const closed = runs.map((): Turn[] => []);
  const half = runs.map((): Turn[] => []);
  for (let round = 0; round < turns; round++)
    for (const [index, running] of runs.entries()) closed[index]?.push(await turn(stand, running, { seconds }));
  const slowest = Math.min(...closed.map((list) => median(list.map(recordsPerSecond))));
  for (let round = 0; round < turns; round++)
    for (const [index, running] of runs.entries()) {
      await sleep(200);
      half[index]?.push(await turn(stand, running, { seconds: seconds / 2, rate: slowest / 2 }));
    }
  const { workload } = stand;
  const all = [...closed, ...half].flat();
  return {
    id: workloadId(workload),
    at: new Date().toISOString(),
    target: workload.target ?? null,
    systems: Object.fromEntries(
      runs.map((running, index) => [
        running.system.name,
        figures(running, closed[index] as Turn[], half[index] as Turn[], slowest / 2),
      ]),
    ),
    versions: Object.fromEntries(runs.map(({ system }) => [system.name, system.version])),
    bytesIn: bytesPerRequest / workload.count,
    load: before,
    disturbed: Math.max(...all.map(({ disturbed }) => disturbed)),
    stolen: Math.max(...all.map(({ stolen }) => stolen)),
  };
}

/** Loads a system until it has used `seconds` of CPU, for half a minute at most. */
async function warm(stand: Stand, running: Running, seconds: number): Promise<void> {
  const { pid } = running.child;
  const enough = cpuSeconds(pid) + seconds;
  for (const until = performance.now() + 30_000; performance.now() < until && cpuSeconds(pid) < enough;)
    await turn(stand, running, { seconds: 0.5 });
}

const recordsPerSecond = ({ records, seconds }: Turn): number => records / seconds;

function figures(running: Running, all: readonly Turn[], half: readonly Turn[], halfRate: number): Figures {
  const valid = all.filter((one) => !isVoid(one));
  const closed = valid.length > 0 ? valid : all;
  const every = [...all, ...half];
  const sum = (pick: (one: Turn) => number): number => every.reduce((total, one) => total + pick(one), 0);
  const cpu = closed.map(({ cpuPerMillion }) => cpuPerMillion);
  return {
    cpuPerMillion: median(cpu),
    cpuRange: [Math.min(...cpu), Math.max(...cpu)],
    recordsPerSecond: median(closed.map(recordsPerSecond)),
    bytesOut: median(closed.map(({ bytesOut }) => bytesOut)),
    closed: percentiles(closed),
    half: percentiles(half),
    halfRate,
    halfCpuPerMillion: median(half.map(({ cpuPerMillion }) => cpuPerMillion)),
    residentMb: median(closed.map((one) => one.residentMb)),
    peakMb: residentMb(running.child.pid).peak,
    idleMb: running.idleMb,
    startMs: running.startMs,
    lost: sum(({ lost }) => lost),
    duplicated: sum(({ duplicated }) => duplicated),
    foreign: sum(({ foreign }) => foreign),
    refused: sum(({ refused }) => refused),
    voidTurns: all.length - valid.length,
    ownUse: median(closed.map((one) => one.ownUse)),
    turns: all.length,
  };
}

function percentiles(turns: readonly Turn[]): Percentiles {
  const of = (pick: (latency: Percentiles) => number): number => median(turns.map(({ latency }) => pick(latency)));
  return { p50: of(({ p50 }) => p50), p99: of(({ p99 }) => p99), p999: of(({ p999 }) => p999) };
}

function spawnOwn(file: string, args: readonly string[]): Child {
  const path = fileURLToPath(new URL(file, import.meta.url));
  return new Child([process.execPath, '--conditions=@sluice/source', path, ...args], { core: ownCore, ipc: true });
}
