/**
 * CPU, memory, latency and losses under load, of Sluice and, where OTELCOL names its binary, of the Collector.
 *
 *     node --conditions=@sluice/source test/bench/load/run.ts [part of a workload's name …] [options]
 *
 * --seconds N   length of a turn (4); --turns N turns of each system (3); --warm-up N CPU seconds (4); --quick is 2, 2, 2
 * --order O     ascending, descending or mixed (default): the order of fields in the data
 * --only NAME   sluice or collector alone
 * --profile D   writes CPU profiles of Sluice into the directory D and prints the hottest functions
 * --keep FILE   adds the results to FILE; --write renders everything in it as docs/benchmarks.md
 * --node O      options for Sluice's Node, separated by spaces: --node=--max-semi-space-size=32
 * --list        names the workloads
 */
import { mkdirSync, readFileSync, existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { dataTable } from './report/data.ts';
import { hotFunctions } from './report/hot.ts';
import { writePage } from './report/page.ts';
import { asText, table } from './report/table.ts';
import { machine } from './machine.ts';
import { measure, type Result } from './measure.ts';
import { collector, sluice } from './system/system.ts';
import { workloadId, type Workload } from './workload.ts';
import { workloads } from './workloads.ts';

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    turns: { type: 'string' },
    'warm-up': { type: 'string' },
    quick: { type: 'boolean', default: false },
    order: { type: 'string', default: 'mixed' },
    only: { type: 'string' },
    profile: { type: 'string' },
    keep: { type: 'string' },
    write: { type: 'boolean', default: false },
    node: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});

// Nothing that was started stays behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const { order, keep } = options;
if (order !== 'ascending' && order !== 'descending' && order !== 'mixed') throw new Error(`--order: found "${order}"`);
const number = (given: string | undefined, usual: number): number => {
  const value = given === undefined ? (options.quick ? 2 : usual) : Number(given);
  if (!(value > 0)) throw new Error(`expected a number above 0, found "${given}"`);
  return value;
};
const measuring = {
  seconds: number(options.seconds, 4),
  turns: number(options.turns, 3),
  warmUp: number(options['warm-up'], 4),
  order,
  ...(options.profile !== undefined && { profile: options.profile }),
} as const;

const chosen = workloads.filter((one) => wanted.length === 0 || wanted.some((part) => workloadId(one).includes(part)));
const systems = [sluice(options.node?.split(' ').filter((one) => one !== '') ?? []), collector()].filter(
  (one) => one !== undefined && (options.only ?? one.name) === one.name,
);
const results: Result[] = [];

if (options.list) console.log(chosen.map(workloadId).join('\n'));
else {
  console.log(`${machine()}\n${systems.map((one) => `${one?.name}: ${one?.version}`).join('\n')}\n${dataTable()}\n`);
  for (const workload of chosen) await one(workload);
  console.log(`\n${asText(table(results))}`);
}
if (options.profile !== undefined) console.log(`\n${hotFunctions(options.profile)}`);
if (options.write && keep !== undefined) await writePage(kept(keep));

async function one(workload: Workload): Promise<void> {
  const id = workloadId(workload);
  const running = systems.filter((system) => system !== undefined);
  const missing = workload.needs.filter((component) => running.some((system) => !system.has(component)));
  if (missing.length > 0) {
    console.log(`${id}: skipped, Sluice has no ${missing.join(', ')}`);
    return;
  }
  try {
    const result = await measure(workload, running, measuring);
    results.push(result);
    console.log(asText(table([result]).slice(1)));
    if (keep !== undefined) save(keep, result);
  } catch (error) {
    console.log(`${id}: failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

function kept(file: string): Result[] {
  const all = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result[]) : [];
  const rank = (id: string): number => workloads.findIndex((workload) => workloadId(workload) === id);
  return all.toSorted((a, b) => rank(a.id) - rank(b.id));
}

function save(file: string, result: Result): void {
  mkdirSync(dirname(file), { recursive: true });
  const others = kept(file).filter(({ id }) => id !== result.id);
  writeFileSync(file, `${JSON.stringify([...others, result], null, 1)}\n`);
}
