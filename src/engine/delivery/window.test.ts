import { describe, expect, it } from 'vitest';
import { ByteWindow } from './window.ts';

const never = new AbortController().signal;

describe('the byte window', () => {
  it('lets in what fits and holds back what does not, first come first served', async () => {
    const window = new ByteWindow(100);
    expect(window.tryEnter(60)).toBe(true);
    const order: string[] = [];
    const big = window.enter(80, never).then(() => order.push('big'));
    const small = window.enter(10, never).then(() => order.push('small'));
    expect(window.waiting).toBe(2);
    window.leave(60);
    await Promise.all([big, small]);
    expect(order).toEqual(['big', 'small']);
    expect(window.used).toBe(90);
  });

  it('lets a batch pass that is larger than the whole window, once it is alone', async () => {
    const window = new ByteWindow(100);
    window.tryEnter(1);
    const large = window.enter(500, never);
    window.leave(1);
    expect(await large).toBe(true);
    expect(window.tryEnter(1)).toBe(false);
  });

  it('forgets who gave up waiting, and lets the next one in', async () => {
    const window = new ByteWindow(100);
    window.tryEnter(90);
    const impatient = new AbortController();
    const first = window.enter(50, impatient.signal);
    const second = window.enter(5, never);
    impatient.abort();
    expect(await first).toBe(false);
    expect(await second).toBe(true);
    expect(window.used).toBe(95);
  });
});
