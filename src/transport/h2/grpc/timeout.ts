const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** Milliseconds of a `grpc-timeout`, such as `10S` or `250m`; undefined where it is malformed. */
export function parseTimeout(value: string): number | undefined {
  if (!/^\d{1,8}[HMSmun]$/.test(value)) return undefined;
  return Number(value.slice(0, -1)) * (unitMs[value.slice(-1)] as number);
}

/**
 * The `grpc-timeout` of so many milliseconds, rounded down to two digits: the header of one call then often equals that of
 * the next, which the peer's header decoder likes, and the server never goes on longer than the client waits.
 */
export function formatTimeout(ms: number): string {
  const whole = Math.max(1, Math.floor(ms));
  const step = 10 ** Math.max(0, String(whole).length - 2);
  const rounded = Math.floor(whole / step) * step;
  return rounded < 1e8 ? `${rounded}m` : `${Math.min(99_999_999, Math.floor(rounded / 1000))}S`;
}
