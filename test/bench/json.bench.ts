// node --conditions=@sluice/source test/bench/json.bench.ts [FOLDER]: OTLP/JSON in and out, on the fixtures in FOLDER, and in as the
// load generator sends it. CPU time of this process, so that other work on the machine disturbs little; the best of many slices.
import { readFileSync } from 'node:fs';
import { signals } from '../../src/wire/batch.ts';
import { jsonToWire, wireToJson } from '../../src/wire/json/index.ts';
import { walkToWire } from '../../src/wire/json/walk.ts';
import { maxDepth } from '../../src/wire/structure.ts';
import { makePayloads } from './load/data/payload.ts';

const folder = process.argv[2] ?? 'test/fixtures';
/** Records in a slice, and in the slices before the first that counts. */
const perSlice = 12_800;
const warmUp = 128_000;
const slices = 40;

for (const signal of signals) {
  const json = readFileSync(`${folder}/${signal}.json`);
  const { count } = jsonToWire(signal, json);
  const size = json.length / count;
  report(`${signal} in`, count, size, () => jsonToWire(signal, json));
  report(`${signal} in, walked`, count, size, () => walkToWire(signal, json, maxDepth));
  for (const order of ['ascending', 'collector']) {
    const bytes = readFileSync(`${folder}/${signal}.${order}.pb`);
    report(`${signal} out, ${order}`, count, size, () => wireToJson(signal, bytes));
  }
  const load = makePayloads({ signal, count: 512, encoding: 'json', compression: 'none', order: 'ascending' });
  const loadSize = load.reduce((sum, { bytes }) => sum + bytes.length, 0) / load.length / 512;
  let turn = 0;
  report(`${signal} in, load`, 512, loadSize, () => jsonToWire(signal, load[turn++ % load.length]!.bytes));
}

function report(name: string, count: number, size: number, run: () => unknown): void {
  const rounds = Math.ceil(perSlice / count);
  for (let i = 0; i < warmUp / count; i++) run();
  let best = Infinity;
  for (let slice = 0; slice < slices; slice++) {
    const before = process.cpuUsage();
    for (let i = 0; i < rounds; i++) run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / rounds / count);
  }
  const scaled = (best / size) * 600;
  console.log(
    `${name.padEnd(24)} ${best.toFixed(2)} us a record of ${Math.round(size)} B, ${scaled.toFixed(2)} us for 600 B`,
  );
}
