// node --conditions=@sluice/source test/bench/loki.bench.ts: log records to push requests of Loki, in us of CPU per record.
// CPU time of this process, so that other work on the machine disturbs little; the best of many slices.
import { config, pushOptions } from '../../plugins/exporters/loki/config.ts';
import { Guard } from '../../plugins/exporters/loki/labels/guard.ts';
import { PushEncoder } from '../../plugins/exporters/loki/push/encoder.ts';
import { systemClock } from '../../src/flow/index.ts';
import { decode, encode, receive, RecordScan, type Batch } from '../../src/wire/index.ts';
import { makeRequest } from './load/data/request.ts';

const count = 2000;
const variety = 4;
const slices = 60;

const choices: Readonly<Record<string, object>> = {
  'labels of resources': {},
  'and the level': { labels: { severity: true } },
  'and two attributes': { labels: { severity: true, record: ['http.request.method', 'http.response.status_code'] } },
  'lines in JSON': { format: 'json' },
};

for (const order of ['in order', 'at random'] as const) {
  const batches = Array.from({ length: variety }, (_unused, number) => batchOf(order, number));
  const size = batches.reduce((sum, { bytes }) => sum + bytes.length, 0) / variety / count;
  console.log(`times ${order}, ${Math.round(size)} B a record in ${Math.round((count * size) / 1024)} KiB`);
  const scan = new RecordScan();
  report('the scan alone', batches, (batch) => {
    scan.begin(batch);
    while (scan.next());
  });
  for (const [name, options] of Object.entries(choices)) {
    const push = pushOptions(config.parse({ endpoint: 'http://loki:3100', ...options }));
    const encoder = new PushEncoder(push, new Guard({ ...push.cardinality, ...push.labels }, systemClock), systemClock);
    report(`${name}: encoded`, batches, (batch) => encoder.encode(batch));
    report(`${name}: encoded, in Snappy`, batches, (batch) => {
      const push = encoder.encode(batch);
      return push.snappy(push.streams);
    });
  }
}

/** The requests of the load generator have their times at random. */
function batchOf(order: 'in order' | 'at random', number: number): Batch {
  const bytes = makeRequest({ signal: 'logs', count, order: 'ascending', number });
  const batch = receive('logs', bytes, { receivedAt: 0 });
  if (order === 'at random') return batch;
  const tree = decode(batch);
  let time = 1_760_000_000_000_000_000n;
  for (const { scopes } of tree.resources)
    for (const { records } of scopes) for (const record of records) record.timeUnixNano = time += 1_000_003n;
  return encode(tree, batch.meta);
}

function report(name: string, batches: readonly Batch[], run: (batch: Batch) => unknown): void {
  for (let i = 0; i < 50; i++) for (const batch of batches) run(batch);
  let best = Infinity;
  for (let slice = 0; slice < slices; slice++) {
    const before = process.cpuUsage();
    for (const batch of batches) run(batch);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / batches.length / count);
  }
  console.log(`  ${name.padEnd(44)} ${best.toFixed(2)} us`);
}
