import { putNine } from '../json/put-digits.ts';
import { ensure, type Transfer } from '../json/transfer.ts';

/** A time in nanoseconds since the epoch in two parts: `split` sets them. */
export const parts = { seconds: 0, nanos: 0 };

/** Takes apart the unsigned 64-bit number at `at`, by long division in steps that a double holds exactly. */
export function split(view: DataView, at: number): void {
  const low = view.getUint32(at, true);
  const high = view.getUint32(at + 4, true);
  const first = high * 65536 + (low >>> 16);
  const middle = Math.floor(first / 1e9);
  const second = (first - middle * 1e9) * 65536 + (low & 0xffff);
  const bottom = Math.floor(second / 1e9);
  parts.seconds = middle * 65536 + bottom;
  parts.nanos = second - bottom * 1e9;
}

let cachedSeconds = -1;
let cachedText = Buffer.alloc(0);

/** Appends `2026-01-02T03:04:05.123456789Z`. */
export function putTime(s: Transfer, seconds: number, nanos: number): void {
  if (seconds !== cachedSeconds) {
    cachedText = Buffer.from(new Date(seconds * 1000).toISOString().slice(0, -4));
    cachedSeconds = seconds;
  }
  ensure(s, 40);
  const { out } = s;
  let { at } = s;
  for (let i = 0; i < cachedText.length; i++) out[at++] = cachedText[i]!;
  s.at = at;
  putNine(s, nanos);
  s.out[s.at++] = 0x5a;
}
