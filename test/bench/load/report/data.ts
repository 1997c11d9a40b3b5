import { deflateSync } from 'node:zlib';
import { makeRequest } from '../data/request.ts';

/** What the data is like: bytes a record and how far zlib packs a request of 512. */
export function dataTable(): string {
  const lines = (['logs', 'traces', 'metrics'] as const).map((signal) => {
    const sizes = (['ascending', 'descending'] as const).map((order) => {
      const request = makeRequest({ signal, count: 512, order, number: 1 });
      return `${Math.round(request.length / 512)} B a record, ${(request.length / deflateSync(request).length).toFixed(1)}x ${order}`;
    });
    return `${signal}: ${sizes.join('; ')}`;
  });
  return lines.join('\n');
}
