import { Refusals, type Reason } from '../refusals.ts';

/** What Loki says of single entries that it refused while it took the others. */
const entryFaults: readonly (readonly [RegExp, Reason])[] = [
  [/^entry for stream .* has timestamp too old/, 'too_old'],
  [/^entry for stream .* has timestamp too new/, 'too_new'],
  [/^Max entry size /, 'line_too_long'],
  [/^stream .* has structured metadata too large/, 'structured_metadata'],
  [/^stream .* has too many structured metadata labels/, 'structured_metadata'],
  [/^stream .* includes structured metadata, but this feature is disallowed/, 'structured_metadata'],
];

const rateLimited = /per stream rate limit exceeded/i;

/**
 * Reads what Loki says beside a 400. It refuses single entries and takes the rest of the push: `Refusals` when it says how many and why,
 * `busy` when some were refused only for now, undefined when the text says nothing about single entries.
 */
export function readRefusals(text: string): Refusals | 'busy' | undefined {
  // Values of labels are anybody's choice; within their quotes nothing counts.
  const plain = text.replaceAll(/"(?:[^"\\]|\\.)*"/gs, '""');
  const ignored = /total ignored: (\d+) out of (\d+)/.exec(plain);
  const refusals = new Refusals();
  if (ignored !== null) {
    if (rateLimited.test(plain)) return 'busy';
    if (!/reason: '(?:entry too far behind|entry out of order)/.test(plain)) return undefined;
    refusals.add('out_of_order', Number(ignored[1]), short(text));
    return refusals;
  }
  for (const part of plain.trim().split('; ')) {
    const [, count = '1', fault = ''] = /^(?:(\d+) errors? like: )?(.*)$/s.exec(part) ?? [];
    const reason = entryFaults.find(([pattern]) => pattern.test(fault))?.[1];
    if (reason === undefined) return undefined;
    refusals.add(reason, Number(count), short(fault));
  }
  return refusals;
}

function short(text: string): string {
  return text.trim().slice(0, 300);
}
