import { mkdirSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { machine } from '../machine.ts';
import type { Figures, Result } from '../measure.ts';
import { workloadId } from '../workload.ts';
import { workloads } from '../workloads.ts';
import { dataTable } from './data.ts';
import { asMarkdown, table } from './table.ts';

const page = new URL('../../../../docs/benchmarks.md', import.meta.url);

/** Renders results as docs/benchmarks.md. */
export async function writePage(results: readonly Result[]): Promise<void> {
  const times = results.map(({ at }) => at).sort();
  const versions = new Set(results.flatMap((result) => Object.values(result.versions)));
  const text = `# Benchmarks

Sluice and the OpenTelemetry Collector, the same YAML, the same machine, in turns. **cs/M** is CPU seconds, user and system, of
the process for a million records: 1 cs/M is one microsecond a record. The ratio is Sluice's to the Collector's; the target is the design's.

    OTELCOL=path/to/otelcol node --conditions=@sluice/source test/bench/load/run.ts --keep out/bench/results.json --write

- Machine: ${machine()}. Measured from ${times[0]?.slice(0, 16)}Z to ${times.at(-1)?.slice(0, 16)}Z.
${[...versions].map((version) => `- ${version}`).join('\n')}

${asMarkdown(table(results))}

${start(results)}

${unmeasured(results)}

## How it is measured

- The system under test is pinned to core 1 (\`taskset\`, \`GOMAXPROCS=1\` for the Collector, \`UV_THREADPOOL_SIZE=1\` for
  Sluice); the generator and the sink, processes of their own, share core 0.
- Both systems run at the same time and are loaded in turns of a few seconds, after a warm-up. First closed loop: a fixed number of requests in
  flight (8; 32 with batches; 1024 where ten records a request have to fill batches of 4096). CPU is from /proc/PID/stat over the whole turn; the table has the
  median of the turns with the least and the most. Then half of the rate that the slower system reached, for both, for the latencies.
- Latency is from sending a request, or from when it was due, to its OK. OK comes after delivery to the sink (\`wait_for_result\`), except for the durable queue.
- Every record has an id in one of its time fields; the sink looks at each and counts how often it came. Uncompressed protobuf gets new ids in every request. Compressed and
  JSON requests are 32 ready-made ones that are sent again and again, and there each record must come as often as it was sent.
- Both read the same file of \`test/bench/load/workloads\`. Sluice speaks gRPC by its own HTTP/2, which is its default (\`transport: lean\`).
- Every other request has its fields in ascending order, as SDKs write them; the others in descending order, as Collectors do. Twenty resources of seven
  attributes; a small request has one of them. Size and zlib's ratio of a request of 512:

${dataTable().replace(/^/gm, '      ')}

## How far to trust it

Machines are shared, and virtual: the same work takes more CPU when a neighbour uses the caches or the other thread of the core. Both systems suffer that alike within a row, so the
ratio is steadier than the figures; compare rows of different times with care. The notes of a row say the load average before it, how much of core 1 others used at
most in a turn, and in how many turns core 0 was full (over 95 %). Those turns are left out where others are left, since the system may have
waited for its load; the part of core 0 that generator and sink used tells whether they or somebody else filled it. Latencies of a busy machine
are mostly waits for a core: as they stand they compare nothing.

Gzip is at each system's own default level: Sluice's is 1, the Collector's 6. The bytes that come out show the difference.
`;
  mkdirSync(new URL('.', page), { recursive: true });
  writeFileSync(page, await format(text, { ...(await resolveConfig(page)), parser: 'markdown' }));
}

function unmeasured(results: readonly Result[]): string {
  const measured = new Set(results.map(({ id }) => id));
  const missing = workloads.map(workloadId).filter((id) => !measured.has(id));
  return missing.length === 0 ? '' : `Not measured: ${missing.join('; ')}.`;
}

function start(results: readonly Result[]): string {
  const say = (name: string, label: string): string[] => {
    const all = results.flatMap(({ systems }) => (systems[name] === undefined ? [] : [systems[name]]));
    if (all.length === 0) return [];
    const middle = (pick: (figures: Figures) => number): string =>
      Math.round(all.map(pick).toSorted((a, b) => a - b)[all.length >> 1] ?? Number.NaN).toString();
    return [
      `${label}: ${middle(({ startMs }) => startMs)} ms from start to listening, ${middle(({ idleMb }) => idleMb)} MB resident before the first request.`,
    ];
  };
  return [...say('sluice', 'Sluice'), ...say('collector', 'The Collector')].join(' ');
}
