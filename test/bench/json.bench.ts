// node --conditions=@sluice/source test/bench/json.bench.ts [FOLDER]: OTLP/JSON in and out, on the fixtures in FOLDER.
import { readFileSync } from 'node:fs';
import { signals } from '../../src/wire/batch.ts';
import { jsonToWire, wireToJson } from '../../src/wire/json/index.ts';
import { measure } from './measure.ts';

const folder = process.argv[2] ?? 'test/fixtures';
for (const signal of signals) {
  const json = readFileSync(`${folder}/${signal}.json`);
  const { count } = jsonToWire(signal, json);
  const size = Math.round(json.length / count);
  report(`${signal}, ${size} B of JSON in`, () => jsonToWire(signal, json));
  report(`${signal}, JSON.parse alone`, () => JSON.parse(json.toString()));
  for (const order of ['ascending', 'collector']) {
    const bytes = readFileSync(`${folder}/${signal}.${order}.pb`);
    report(`${signal}, ${size} B of JSON out, ${order}`, () => wireToJson(signal, bytes));
  }

  function report(name: string, run: () => unknown): void {
    const { user, system } = process.cpuUsage();
    const { best } = measure(name, count, run);
    const used = process.cpuUsage({ user, system });
    console.log(
      `    ${((best / size) * 600).toFixed(2)} us for 600 B; ${Math.round((used.user + used.system) / 25000)} % of a core used`,
    );
  }
}
