import type { Editable } from 'sluice/plugin';

/** The keys of what was done to a map, or to a body. */
export interface Findings {
  readonly redacted: string[];
  readonly masked: string[];
  readonly allowed: string[];
  readonly ignored: string[];
}

export function noFindings(): Findings {
  return { redacted: [], masked: [], allowed: [], ignored: [] };
}

export type Summary = '' | 'silent' | 'info' | 'debug';

/** Keys that earlier redactions wrote, and that stay. */
export const summaryKeys = [
  'redaction.redacted.keys',
  'redaction.redacted.count',
  'redaction.masked.keys',
  'redaction.masked.count',
  'redaction.ignored.count',
];

const kinds = ['redacted', 'masked', 'allowed', 'ignored'] as const;

/** Keys that a summary may write. */
export function writtenKeys(prefix: string): string[] {
  return kinds.flatMap((kind) => [`${prefix}.${kind}.keys`, `${prefix}.${kind}.count`]);
}

/** Writes down what was done, added to what is written there already. Of what was ignored no keys are named. */
export function writeSummary(message: Editable, prefix: string, findings: Findings, summary: Summary): void {
  if (summary === '' || summary === 'silent') return;
  for (const kind of kinds) {
    const keys = findings[kind];
    if (keys.length === 0) continue;
    if (summary === 'debug' && kind !== 'ignored') {
      const name = `${prefix}.${kind}.keys`;
      const before = message.get(name);
      const all = typeof before === 'string' && before !== '' ? [...keys, ...before.split(',')] : keys;
      message.set(name, all.toSorted().join(','));
    }
    const name = `${prefix}.${kind}.count`;
    const before = message.get(name);
    message.set(name, BigInt(keys.length) + (typeof before === 'bigint' ? before : 0n));
  }
}
