import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Body } from './body.ts';

describe('Body', () => {
  it('keeps its own copy of what comes, since the memory is read into again', () => {
    const piece = Buffer.from('a whole body');
    const body = new Body();
    body.add(piece);
    const before = Buffer.from(piece);
    piece.fill(0);
    expect(body.whole()).toEqual(before);
  });

  it('joins any pieces, with or without a hint, true or false', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
    fc.assert(
      fc.property(pieces, fc.option(fc.nat(10_000)), (list, hint) => {
        const body = new Body(hint === null ? undefined : () => hint);
        const whole = Buffer.concat(list);
        for (const piece of list) body.add(Buffer.from(piece));
        expect(body.whole().equals(whole)).toBe(true);
      }),
    );
  });

  it('takes memory as bytes come, not as they are announced', () => {
    const body = new Body(() => 2 ** 32);
    body.add(Buffer.alloc(10));
    expect(body.add(Buffer.alloc(10))).toBe(2 ** 32);
    expect(body.whole().buffer.byteLength).toBeLessThanOrEqual(1024 * 1024);
  });
});
