/** Milliseconds that a Retry-After asks to wait: seconds, or a date seen from `now`. Undefined where it is neither. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = /[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The value of a Retry-After for a wait: whole seconds, rounded up, at least one. */
export function formatRetryAfter(ms: number | undefined): string {
  return String(Math.max(1, Math.ceil((ms ?? 0) / 1000)));
}
