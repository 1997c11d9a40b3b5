// node --conditions=@sluice/source test/bench/awss3.bench.ts [FOLDER]: records to the bytes of objects, on the fixtures in FOLDER.
// CPU time of this process with its threads, so that other work on the machine disturbs little; the best of many slices.
import { readFileSync } from 'node:fs';
import { compressionOf } from '../../plugins/exporters/awss3/compress.ts';
import { createFormat, formatNames } from '../../plugins/exporters/awss3/formats/index.ts';
import { objectBytes } from '../../plugins/exporters/awss3/object-bytes.ts';
import { signals, type Batch } from '../../src/wire/batch.ts';
import { checkStructure } from '../../src/wire/check.ts';

const folder = process.argv[2] ?? 'test/fixtures';
const batches = 400;
const warmUp = 3;
const slices = 12;
const compressions = [
  ['none', undefined],
  ['gzip', 1],
  ['gzip', 6],
  ['zstd', 3],
] as const;

for (const signal of signals) {
  const bytes = readFileSync(`${folder}/${signal}.ascending.pb`);
  const batch: Batch = { signal, bytes, count: checkStructure(signal, bytes).count, meta: { receivedAt: 0 } };
  for (const name of formatNames) {
    if (name === 'body' && signal !== 'logs') continue;
    for (const [method, level] of compressions) await report(batch, name, method, level);
  }
}

async function report(
  batch: Batch,
  name: (typeof formatNames)[number],
  method: 'none' | 'gzip' | 'zstd',
  level: number | undefined,
): Promise<void> {
  const encoding = { format: createFormat(name), compression: compressionOf(method, level) };
  const object = Array.from({ length: batches }, () => batch);
  let best = Infinity;
  let size = 0;
  for (let slice = -warmUp; slice < slices; slice++) {
    const before = process.cpuUsage();
    size = 0;
    for await (const chunk of objectBytes(encoding, batch.signal, object)) size += chunk.length;
    const { user, system } = process.cpuUsage(before);
    if (slice >= 0) best = Math.min(best, (user + system) / batches / batch.count);
  }
  const stored = Math.round(size / batches / batch.count);
  const what = `${batch.signal} ${name} ${method}${level === undefined ? '' : ` ${level}`}`;
  console.log(`${what.padEnd(32)} ${best.toFixed(2)} us a record, ${stored} B stored`);
}
