// node --conditions=@sluice/source test/bench/awss3.bench.ts [MARSHALER…]: records to the bytes of objects.
// CPU time of this process with its threads, so that other work on the machine disturbs little; the best of many slices.
import { compressionOf } from '../../plugins/exporters/awss3/compress.ts';
import { createFormat, formatNames } from '../../plugins/exporters/awss3/formats/index.ts';
import { parquetOptions } from '../../plugins/exporters/awss3/parquet/index.ts';
import { objectBytes } from '../../plugins/exporters/awss3/object-bytes.ts';
import { signals, type Batch } from '../../src/wire/batch.ts';
import { makeRequest } from './load/data/request.ts';

const wanted = process.argv.slice(2);
const batches = 16;
const perBatch = 512;
const warmUp = 10;
const slices = 60;
const compressions = [
  ['none', undefined],
  ['gzip', 1],
  ['gzip', 6],
  ['zstd', 1],
] as const;

for (const signal of signals) {
  const object = Array.from({ length: batches }, (_, number): Batch => {
    const bytes = makeRequest({ signal, count: perBatch, order: 'ascending', number: number + 1 });
    return { signal, bytes, count: perBatch, meta: { receivedAt: 0 } };
  });
  for (const name of formatNames) {
    if ((name === 'body' && signal !== 'logs') || (wanted.length > 0 && !wanted.includes(name))) continue;
    for (const [method, level] of compressions) await report(object, name, method, level);
  }
}

async function report(
  object: readonly Batch[],
  name: (typeof formatNames)[number],
  method: 'none' | 'gzip' | 'zstd',
  level: number | undefined,
): Promise<void> {
  const signal = object[0]?.signal ?? 'logs';
  const encoding = {
    format: await createFormat(name, { parquet: parquetOptions.parse({}) }),
    compression: compressionOf(method, level),
  };
  const records = batches * perBatch;
  let best = Infinity;
  let size = 0;
  for (let slice = -warmUp; slice < slices; slice++) {
    const before = process.cpuUsage();
    size = 0;
    for await (const chunk of objectBytes(encoding, signal, object)) size += chunk.length;
    const { user, system } = process.cpuUsage(before);
    if (slice >= 0) best = Math.min(best, (user + system) / records);
  }
  const what = `${signal} ${name} ${method}${level === undefined ? '' : ` ${level}`}`;
  console.log(`${what.padEnd(32)} ${best.toFixed(2)} us a record, ${Math.round(size / records)} B stored`);
}
