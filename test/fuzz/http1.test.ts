import { describe, expect, it } from 'vitest';
import { garbageCollector } from '../../src/wire/index.ts';
import { fuzzHttp1 } from './http1-fuzz.ts';

/** HTTP1_FUZZ=1000000 takes minutes. */
const count = Number(process.env['HTTP1_FUZZ'] ?? 2000);
const allowedGrowth = 48 * 1024 * 1024;

/** Bytes that are alive. */
function alive(): number {
  garbageCollector()();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('HTTP/1.1 under mutated requests', () => {
  it('answers or ends connections, serves the others, and keeps nothing', async () => {
    await fuzzHttp1(count / 10, 1);
    const before = alive();
    const result = await fuzzHttp1(count, 2);
    const growth = alive() - before;
    expect(result.faults).toEqual([]);
    expect(result.survived).toBeGreaterThan(0);
    expect(result.statuses.get(200)).toBeGreaterThan(0);
    expect(result.statuses.get(400)).toBeGreaterThan(0);
    expect(growth).toBeLessThan(allowedGrowth);
  }, 600_000);
});
