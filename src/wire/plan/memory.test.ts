import { describe, expect, it } from 'vitest';
import { Memory } from './memory.ts';

function counting(): { readonly memory: Memory; readonly made: () => number } {
  let calls = 0;
  const memory = new Memory((text) => {
    calls++;
    return text.toUpperCase();
  });
  return { memory, made: () => calls };
}

describe('a memory', () => {
  it('makes once what is asked for again and again, however much else there is', () => {
    const { memory, made } = counting();
    for (let i = 0; i < 100_000; i++) {
      expect(memory.of(`often ${i % 100}`)).toBe(`OFTEN ${i % 100}`);
      if (i % 50 === 0) expect(memory.of(`once ${i}`)).toBe(`ONCE ${i}`);
    }
    expect(made()).toBe(100 + 2000);
  });

  it('stops to keep what never comes again, and tries once more later', () => {
    const { memory, made } = counting();
    for (let i = 0; i < 10_000; i++) memory.of(`once ${i}`);
    for (let i = 0; i < 3; i++) memory.of('often');
    expect(made()).toBe(10_003);
    for (let i = 0; i < 40_000; i++) memory.of('often');
    expect(made()).toBeLessThan(35_000);
  });

  it('does not keep long texts', () => {
    const { memory, made } = counting();
    for (let i = 0; i < 3; i++) memory.of('x'.repeat(257));
    expect(made()).toBe(3);
  });
});
