// node --conditions=@sluice/source test/bench/gzip.bench.ts: gzip as we make it beside level 1 of zlib, on requests and on lines of
// JSON. CPU time of this process, so that other work on the machine disturbs little; the best of many slices, taken in turns.
import { gzipSync } from 'node:zlib';
import { createFormat } from '../../plugins/exporters/awss3/formats/index.ts';
import { parquetOptions } from '../../plugins/exporters/awss3/parquet/index.ts';
import { gzip, signals, type Batch } from '../../src/wire/index.ts';
import { makeRequest } from './load/data/request.ts';

const counts = [10, 512];
const slices = 60;
/** Records in a slice. */
const perSlice = 4096;

const ndjson = await createFormat('ndjson', { parquet: parquetOptions.parse({}) });
for (const signal of signals)
  for (const count of counts) {
    const bytes = makeRequest({ signal, count, order: 'ascending', number: 1 });
    await report(`${signal}, ${count} in protobuf`, count, bytes);
    const lines: Uint8Array[] = [];
    const batch: Batch = { signal, bytes, count, meta: { receivedAt: 0 } };
    ndjson.open(signal, (chunk) => lines.push(chunk)).add(batch);
    await report(`${signal}, ${count} as ndjson`, count, Buffer.concat(lines));
  }

async function report(name: string, count: number, bytes: Uint8Array): Promise<void> {
  const zlib = (): Buffer => gzipSync(bytes, { level: 1 });
  const ways = { ours: () => gzip(bytes), zlib } as const;
  const best = { ours: Infinity, zlib: Infinity };
  for (let slice = 0; slice < slices; slice++)
    for (const way of ['ours', 'zlib'] as const) {
      const before = process.cpuUsage();
      for (let records = 0; records < perSlice; records += count) await ways[way]();
      const { user, system } = process.cpuUsage(before);
      best[way] = Math.min(best[way], (user + system) / perSlice);
    }
  const size = async (way: 'ours' | 'zlib'): Promise<string> => `${Math.round((await ways[way]()).length / count)} B`;
  console.log(
    `${name.padEnd(28)} ${Math.round(bytes.length / count)} B a record: ours ${best.ours.toFixed(2)} us, ${await size('ours')};`,
    `zlib ${best.zlib.toFixed(2)} us, ${await size('zlib')}`,
  );
}
