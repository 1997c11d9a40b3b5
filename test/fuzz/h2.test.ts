import { describe, expect, it } from 'vitest';
import { fuzz } from './h2-fuzz.ts';

describe('HTTP/2 under mutated frames', () => {
  it('ends connections or resets streams, and never fails in any other way', async () => {
    const result = await fuzz(2000, 1);
    expect(result.faults).toEqual([]);
    expect(result.survived).toBeGreaterThan(0);
  });
});
