import type { Health } from 'sluice/plugin';

/** What the Collector answers: `{"status":"Server available","upSince":"…","uptime":"1m2.5s"}`. */
export function statusBody({ ready, startedAt }: Health, now: number): string {
  return JSON.stringify(
    ready
      ? { status: 'Server available', upSince: new Date(startedAt).toISOString(), uptime: goDuration(now - startedAt) }
      : { status: 'Server not available', upSince: '0001-01-01T00:00:00Z', uptime: '' },
  );
}

/** Milliseconds as Go writes a duration: `1h0m2.5s`, `15ms`, `0s`. */
export function goDuration(ms: number): string {
  if (ms <= 0) return '0s';
  if (ms < 1000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = `${(ms % 60_000) / 1000}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
