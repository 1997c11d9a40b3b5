// node --conditions=@sluice/source test/bench/codec.bench.ts: the record codec on test/fixtures, in us per record; to hold: 3 there and back.
import { readFileSync } from 'node:fs';
import { concat, countRecords, decode, encode, signals, type Batch, type Signal } from '../../src/wire/index.ts';

const meta = { receivedAt: 0 };
const runs = Number(process.argv[2] ?? 7);

function load(signal: Signal, order: string): Batch {
  const bytes = readFileSync(new URL(`../fixtures/${signal}.${order}.pb`, import.meta.url));
  const one: Batch = { signal, bytes, count: countRecords(decode({ signal, bytes })), meta };
  return concat(Array.from({ length: 8 }, () => one));
}

/** The best of several runs, each of about a fifth of a second, in us of CPU per record. */
function measure(records: number, work: () => void): number {
  let best = Infinity;
  for (let run = 0; run < runs; run++) {
    const rounds = Math.ceil(60_000 / records);
    const before = process.cpuUsage();
    for (let i = 0; i < rounds; i++) work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / rounds / records);
  }
  return best;
}

for (const signal of signals) {
  for (const order of ['ascending', 'collector']) {
    const batch = load(signal, order);
    const tree = decode(batch);
    const figures = {
      bytesPerRecord: Math.round(batch.bytes.length / batch.count),
      decode: measure(batch.count, () => decode(batch)),
      encode: measure(batch.count, () => encode(tree, meta)),
      both: measure(batch.count, () => encode(decode(batch), meta)),
    };
    const text = Object.entries(figures).map(([name, value]) => `${name} ${Number.isInteger(value) ? value : value.toFixed(2)}`);
    console.log(`${signal.padEnd(8)}${order.padEnd(10)} ${text.join('  ')}`);
  }
}
