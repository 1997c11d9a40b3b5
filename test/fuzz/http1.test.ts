import { describe, expect, it } from 'vitest';
import { fuzzHttp1 } from './http1-fuzz.ts';

/** HTTP1_FUZZ=1000000 takes minutes. */
const count = Number(process.env['HTTP1_FUZZ'] ?? 2000);
const allowedGrowth = 48 * 1024 * 1024;

describe('HTTP/1.1 under mutated requests', () => {
  it('answers or ends connections, serves the others, and keeps nothing', async () => {
    await fuzzHttp1(count / 10, 1);
    const before = process.memoryUsage();
    const result = await fuzzHttp1(count, 2);
    const after = process.memoryUsage();
    expect(result.faults).toEqual([]);
    expect(result.survived).toBeGreaterThan(0);
    expect(result.statuses.get(200)).toBeGreaterThan(0);
    expect(result.statuses.get(400)).toBeGreaterThan(0);
    const growth = after.heapUsed + after.external - before.heapUsed - before.external;
    expect(growth).toBeLessThan(allowedGrowth);
  }, 600_000);
});
