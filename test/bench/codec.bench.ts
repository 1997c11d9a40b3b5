// node --conditions=@sluice/source test/bench/codec.bench.ts: the record codec on test/fixtures; to hold: 3 us there and back for a record of 400 bytes.
import { readFileSync } from 'node:fs';
import { concat, countRecords, decode, encode, signals, type Batch } from '../../src/wire/index.ts';
import { measure } from './measure.ts';

const meta = { receivedAt: 0 };
for (const signal of signals) {
  for (const order of ['ascending', 'collector']) {
    const bytes = readFileSync(new URL(`../fixtures/${signal}.${order}.pb`, import.meta.url));
    const one: Batch = { signal, bytes, count: countRecords(decode({ signal, bytes })), meta };
    const batch = concat(Array.from({ length: 4 }, () => one));
    const tree = decode(batch);
    const name = `${signal} ${order}, ${Math.round(batch.bytes.length / batch.count)} B`;
    measure(`decode ${name}`, batch.count, () => decode(batch));
    measure(`encode ${name}`, batch.count, () => encode(tree, meta));
    measure(`both   ${name}`, batch.count, () => encode(decode(batch), meta));
  }
}
