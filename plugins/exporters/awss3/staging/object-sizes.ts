import type { Signal } from 'sluice/plugin';

/** How much the newest object counts. */
const weight = 0.5;

/** How large objects become, by what those before them became. */
export class ObjectSizes {
  private readonly ratios = new Map<Signal, number>();

  /** The size of an object made of so many staged bytes. */
  estimate(signal: Signal, staged: number): number {
    return staged * (this.ratios.get(signal) ?? 1);
  }

  learn(signal: Signal, staged: number, stored: number): void {
    const ratio = stored / Math.max(1, staged);
    const before = this.ratios.get(signal);
    this.ratios.set(signal, before === undefined ? ratio : before + weight * (ratio - before));
  }
}
