// node --conditions=@sluice/source test/bench/structure.bench.ts DIR: the structural check on the fixtures in DIR.
import { readFileSync } from 'node:fs';
import { checkStructure } from '../../src/wire/check.ts';
import { signals } from '../../src/wire/batch.ts';
import { measure } from './measure.ts';

const folder = process.argv[2] ?? '../shared/fixtures';
for (const signal of signals) {
  for (const order of ['ascending', 'collector']) {
    const bytes = readFileSync(`${folder}/${signal}.${order}.pb`);
    const { count } = checkStructure(signal, bytes);
    measure(`check ${signal} ${order}, ${Math.round(bytes.length / count)} B`, count, () => checkStructure(signal, bytes));
  }
}
