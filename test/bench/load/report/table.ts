import type { Figures, Result } from '../measure.ts';

const columns = [
  'workload, records a request',
  'Sluice cs/M',
  'Collector cs/M',
  'ratio',
  'target',
  'records/s',
  'p50 / p99 / p99.9 ms at half load',
  'B a record in; out',
  'RSS (peak) MB',
  'lost / dup',
  'notes',
] as const;

/** Rows of the table: Sluice's figure first, then the Collector's. */
export function table(results: readonly Result[]): string[][] {
  return [[...columns], ...results.map(row)];
}

function row(result: Result): string[] {
  const { sluice, collector } = result.systems;
  const both = (say: (figures: Figures) => string): string =>
    [sluice, collector].flatMap((one) => (one === undefined ? [] : [say(one)])).join(' · ');
  const ratio =
    sluice === undefined || collector === undefined ? undefined : sluice.cpuPerMillion / collector.cpuPerMillion;
  return [
    result.id,
    sluice === undefined ? '-' : cpu(sluice),
    collector === undefined ? '-' : cpu(collector),
    ratio?.toFixed(2) ?? '-',
    result.target === null ? '' : result.target.toFixed(2),
    both(({ recordsPerSecond }) => `${Math.round(recordsPerSecond / 1000)}k`),
    both(({ half }) => [half.p50, half.p99, half.p999].map(short).join(' / ')),
    `${Math.round(result.bytesIn)}; ${both(({ bytesOut }) => bytesOut.toFixed(0))}`,
    both(({ residentMb, peakMb }) => `${residentMb.toFixed(0)} (${peakMb.toFixed(0)})`),
    both(({ lost, duplicated }) => `${lost} / ${duplicated}`),
    notes(result).join('; '),
  ];
}

function cpu({ cpuPerMillion, cpuRange: [least, most] }: Figures): string {
  return `${cpuPerMillion.toFixed(2)} (${least.toFixed(2)}-${most.toFixed(2)})`;
}

function short(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : ms.toFixed(0);
}

/** What a reader must know before believing a row. */
function notes({ systems, load, disturbed, stolen }: Result): string[] {
  const said: string[] = [];
  for (const [name, { voidTurns, turns, ownUse, refused, foreign }] of Object.entries(systems)) {
    if (voidTurns > 0)
      said.push(`${name}: core 0 full in ${voidTurns} of ${turns} turns, ${Math.round(ownUse * 100)} % by us`);
    if (refused > 0) said.push(`${name}: ${refused} requests refused`);
    if (foreign > 0) said.push(`${name}: ${foreign} records that should not be there`);
  }
  if (load > 1) said.push(`load ${load.toFixed(1)} before`);
  if (disturbed > 0.1) said.push(`others had up to ${Math.round(disturbed * 100)} % of core 1`);
  if (stolen > 0.05) said.push(`${Math.round(stolen * 100)} % stolen`);
  return said;
}

/** For a terminal. */
export function asText(rows: readonly (readonly string[])[]): string {
  const widths = columns.map((_unused, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function asMarkdown(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows.map((cells) => `| ${cells.join(' | ')} |`);
  return [head, `|${columns.map(() => '---').join('|')}|`, ...body].join('\n');
}
