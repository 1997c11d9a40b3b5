import type { Clock } from 'sluice/plugin';

/**
 * Says which events are shown: in each second the first `initial` of a kind, and after that every `thereafter`-th.
 * A `thereafter` of 0 shows none beyond the first ones.
 */
export function sampler(clock: Clock, initial: number, thereafter: number): (kind: string) => boolean {
  const seen = new Map<string, { second: number; count: number }>();
  return (kind) => {
    const second = Math.floor(clock.now() / 1000);
    const last = seen.get(kind);
    const count = last?.second === second ? last.count + 1 : 1;
    seen.set(kind, { second, count });
    return count <= initial || (thereafter > 0 && (count - initial) % thereafter === 0);
  };
}
