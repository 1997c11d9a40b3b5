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
