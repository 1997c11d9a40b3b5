import type { RecordScan } from 'sluice/plugin';

/** Text is handed on when there is more than this of it. */
export const flushBytes = 64 * 1024;

/** Hands on what was written, as bytes that stay as they are. */
export function emit(scan: RecordScan, write: (chunk: Uint8Array) => void): void {
  if (scan.length === 0) return;
  write(Buffer.from(scan.bytes()));
  scan.cut(0);
}
