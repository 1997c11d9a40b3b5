// node --conditions=@sluice/source test/bench/json.bench.ts [FOLDER]: OTLP/JSON in and out, on the fixtures in FOLDER.
// CPU time of this process, so that other work on the machine disturbs little; the best of many slices.
import { readFileSync } from 'node:fs';
import { signals } from '../../src/wire/batch.ts';
import { jsonToWire, wireToJson } from '../../src/wire/json/index.ts';

const folder = process.argv[2] ?? 'test/fixtures';
const warmUp = 2000;
const slices = 40;
const rounds = 200;

for (const signal of signals) {
  const json = readFileSync(`${folder}/${signal}.json`);
  const { count } = jsonToWire(signal, json);
  const size = json.length / count;
  report(`${signal} in`, count, size, () => jsonToWire(signal, json));
  for (const order of ['ascending', 'collector']) {
    const bytes = readFileSync(`${folder}/${signal}.${order}.pb`);
    report(`${signal} out, ${order}`, count, size, () => wireToJson(signal, bytes));
  }
}

function report(name: string, count: number, size: number, run: () => unknown): void {
  for (let i = 0; i < warmUp; i++) run();
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
