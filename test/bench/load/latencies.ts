/** Latencies in milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/** Collects latencies exactly. */
export class Latencies {
  private values = new Float32Array(4096);
  private count = 0;

  add(ms: number): void {
    if (this.count === this.values.length) {
      const larger = new Float32Array(this.count * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.count++] = ms;
  }

  percentiles(): Percentiles {
    const sorted = this.values.subarray(0, this.count).sort();
    const at = (part: number): number => sorted[Math.min(this.count - 1, Math.floor(this.count * part))] ?? Number.NaN;
    return { p50: at(0.5), p99: at(0.99), p999: at(0.999) };
  }
}
