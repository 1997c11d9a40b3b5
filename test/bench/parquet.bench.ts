// node --conditions=@sluice/source test/bench/parquet.bench.ts [SIGNAL…]: records into Parquet files, on records like those
// of the fixtures, each with values of its own. CPU time of this process.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parquet, parquetOptions } from '../../plugins/exporters/awss3/parquet/index.ts';
import { decode, encode, LogRecord, signals, type Batch, type Signal } from '../../src/plugin/index.ts';

const perFile = 20_000;
const files = 40;
/** Batches that are timed together, since the clock takes its time, too. */
const perStep = 8;
const configurations = [{}, { level: 3 }, { codec: 'snappy' }, { codec: 'none' }, { attributes: 'map' }];

for (const signal of process.argv.length > 2 ? (process.argv.slice(2) as Signal[]) : signals) {
  const batches = batchesOf(signal);
  const count = batches.reduce((sum, batch) => sum + batch.count, 0);
  const bytes = batches.reduce((sum, batch) => sum + batch.bytes.length, 0);
  for (const configuration of configurations) report(signal, batches, count, bytes, configuration);
}

function report(signal: Signal, batches: readonly Batch[], count: number, bytes: number, configuration: object): void {
  const format = parquet(parquetOptions.parse(configuration));
  // Each file takes the same steps, so the least of each step over all files is the time of a file that nobody disturbed.
  const steps = Array.from({ length: Math.ceil(batches.length / perStep) }, (_, i) =>
    batches.slice(i * perStep, (i + 1) * perStep),
  );
  const least = new Float64Array(steps.length + 1).fill(Infinity);
  let size = 0;
  for (let i = 0; i < files; i++) {
    size = 0;
    const writer = format.open(signal, (chunk) => (size += chunk.length));
    for (const [index, step] of steps.entries())
      timed(least, index, () => {
        for (const batch of step) writer.add(batch);
      });
    timed(least, steps.length, () => writer.end());
  }
  const best = least.reduce((sum, time) => sum + time, 0) / count;
  const name = `${signal} ${JSON.stringify(configuration)}`;
  const each = (total: number): string => `${Math.round(total / count)} B`;
  console.log(`${name.padEnd(32)} ${best.toFixed(2)} us a record of ${each(bytes)}, ${each(size)} in the file`);
}

function timed(least: Float64Array, step: number, run: () => void): void {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  least[step] = Math.min(least[step] as number, user + system);
}

/** The fixture again and again; ids, times and numbers in log records and spans change, as they do in life. */
function batchesOf(signal: Signal): Batch[] {
  const path = fileURLToPath(new URL(`../fixtures/${signal}.ascending.pb`, import.meta.url));
  const bytes = readFileSync(path);
  const batches: Batch[] = [];
  let random = 1;
  const next = (): number => (random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0);
  const hex = (length: number): string =>
    Array.from({ length: length / 8 }, () => next().toString(16).padStart(8, '0')).join('');
  for (let count = 0; count < perFile;) {
    const tree = decode({ signal, bytes });
    for (const { scopes } of tree.resources)
      for (const { records } of scopes)
        for (const record of records) {
          if (!(record instanceof LogRecord) && !('traceId' in record)) continue;
          record.traceId = hex(32);
          record.spanId = hex(16);
          if (record instanceof LogRecord) {
            record.timeUnixNano += BigInt(count) * 1_000_003n;
            if (typeof record.body === 'string')
              record.body = record.body.replace(/\d+/g, () => String(next() % 100_000));
          } else record.startTimeUnixNano += BigInt(count) * 1_000_003n;
          for (const key of ['enduser.id', 'client.address', 'duration_ms'])
            if (record.attributes.has(key))
              record.attributes.set(
                key,
                typeof record.attributes.get(key) === 'bigint' ? BigInt(next() % 5000) : `u-${next()}`,
              );
        }
    const batch = encode(tree, { receivedAt: 0 });
    batches.push(batch);
    count += batch.count;
  }
  return batches;
}
