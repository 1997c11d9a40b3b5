import { putNine } from '../json/put-digits.ts';
import { ensure, type Transfer } from '../json/transfer.ts';

/** A time in nanoseconds since the epoch in two parts: `split` sets them. */
export const parts = { seconds: 0, nanos: 0 };

const billion = 1_000_000_000;

/**
 * Takes apart the unsigned 64-bit number at `at`. As a double it is off by up to 1024, so its seconds may be off by one; its nanoseconds
 * are exact in 32 bits, and say so.
 */
export function split(view: DataView, at: number): void {
  const low = view.getInt32(at, true);
  let seconds = Math.floor((view.getUint32(at + 4, true) * 4294967296 + (low >>> 0)) * 1e-9);
  let nanos = (low - Math.imul(seconds, billion)) | 0;
  if (nanos < 0) {
    seconds -= 1;
    nanos += billion;
  } else if (nanos >= billion) {
    seconds += 1;
    nanos -= billion;
  }
  parts.seconds = seconds;
  parts.nanos = nanos;
}

const zero = 0x30;
const colon = 0x3a;
const daySeconds = 86_400;

/** `2026-01-02T` of the day that was written last: of many times, few are of different days. */
let cachedDay = -1;
let cachedText = Buffer.alloc(0);

/** Appends `2026-01-02T03:04:05.123456789Z`. */
export function putTime(s: Transfer, seconds: number, nanos: number): void {
  const day = Math.floor(seconds / daySeconds);
  if (day !== cachedDay) {
    cachedText = Buffer.from(new Date(day * daySeconds * 1000).toISOString().split(/(?<=T)/, 1)[0] as string);
    cachedDay = day;
  }
  ensure(s, 40);
  const { out } = s;
  let { at } = s;
  for (let i = 0; i < cachedText.length; i++) out[at++] = cachedText[i]!;
  const rest = seconds - day * daySeconds;
  const hour = (rest / 3600) | 0;
  const minute = ((rest - hour * 3600) / 60) | 0;
  at = putTwo(out, at, hour, colon);
  at = putTwo(out, at, minute, colon);
  s.at = putTwo(out, at, rest - hour * 3600 - minute * 60, 0x2e);
  putNine(s, nanos);
  s.out[s.at++] = 0x5a;
}

function putTwo(out: Uint8Array, at: number, value: number, behind: number): number {
  const tens = (value / 10) | 0;
  out[at] = zero + tens;
  out[at + 1] = zero + value - 10 * tens;
  out[at + 2] = behind;
  return at + 3;
}
