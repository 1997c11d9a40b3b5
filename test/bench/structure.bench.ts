// node test/bench/structure.bench.ts: the structural check on test/fixtures.
import { readFileSync } from 'node:fs';
import { checkStructure } from '../../src/wire/check.ts';
import { signals } from '../../src/wire/batch.ts';
import { measure } from './measure.ts';

const folder = new URL('../fixtures', import.meta.url).pathname;
for (const signal of signals) {
  for (const order of ['ascending', 'collector']) {
    const bytes = readFileSync(`${folder}/${signal}.${order}.pb`);
    const { count } = checkStructure(signal, bytes);
    measure(`check ${signal} ${order}, ${Math.round(bytes.length / count)} B`, count, () =>
      checkStructure(signal, bytes),
    );
  }
}
