import { textOf } from '../../wire/index.ts';
import { Duration, EvaluationError, Id, Instant, Sequence, type Value } from './value.ts';

/** A value as text, as OTTL reads one where it takes anything: bytes as hex, lists and maps as JSON. Undefined for nil. */
export function likeText(value: Value): string | undefined {
  if (value === null) return undefined;
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new EvaluationError('NaN and infinity have no text form');
  if (value instanceof Instant) return `"${timeText(value)}"`;
  if (value instanceof Duration) return String(value.nanos);
  if (value instanceof Id) return `[${[...Buffer.from(value.hex, 'hex')].join(',')}]`;
  if (value instanceof Sequence) throw new EvaluationError('a sequence has no text form');
  return textOf(value);
}

/** RFC 3339 in UTC, with as many digits of the second as it takes. */
function timeText({ nanos }: Instant): string {
  const billion = 1_000_000_000n;
  const rest = ((nanos % billion) + billion) % billion;
  const seconds = new Date(Number((nanos - rest) / 1_000_000n)).toISOString().slice(0, 19);
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(9, '0').replace(/0+$/, '')}`;
  return `${seconds}${fraction}Z`;
}
