import type { HttpServerConfig } from '../../plugin/index.ts';

/** Longest request line and headers together, in bytes. */
export const maxHeadSize = 16 * 1024;

/** Longest time for the head of a request, in milliseconds; 0 is unbounded. It is part of the time for all of it. */
export function headersTimeout({ read_timeout: whole, read_header_timeout: headers }: HttpServerConfig): number {
  return whole > 0 && (headers === 0 || headers > whole) ? whole : headers;
}
