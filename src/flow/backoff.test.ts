import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff.ts';

const options = { initialMs: 100, maxMs: 1000, multiplier: 2, randomization: 0.5 };

describe('the backoff', () => {
  it('grows up to its longest wait', () => {
    const backoff = new Backoff({ ...options, randomization: 0 });
    expect([1, 2, 3, 4, 5, 6].map(() => backoff.next())).toEqual([100, 200, 400, 800, 1000, 1000]);
  });

  it('strays around its middle as far as it is told', () => {
    expect(new Backoff(options, () => 0).next()).toBe(50);
    expect(new Backoff(options, () => 1).next()).toBe(150);
  });

  it('is never shorter than what the other side asked for', () => {
    expect(new Backoff(options).next(5000)).toBe(5000);
  });

  it('begins anew after a reset', () => {
    const backoff = new Backoff({ ...options, randomization: 0 });
    backoff.next();
    backoff.next();
    backoff.reset();
    expect(backoff.next()).toBe(100);
  });
});
