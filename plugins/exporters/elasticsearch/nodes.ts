import type { Clock } from 'sluice/plugin';

/** How long a node that did not answer is passed over, in milliseconds. */
const restMs = 30_000;

/** Several nodes that take turns. */
export class Nodes {
  private readonly urls: readonly string[];
  private readonly clock: Clock;
  private readonly restsUntil = new Map<string, number>();
  private turn = 0;

  constructor(urls: readonly string[], clock: Clock) {
    this.urls = urls;
    this.clock = clock;
  }

  /** All nodes in the order in which to try them: those that answer first, and the one whose turn it is before the others. */
  order(): string[] {
    const start = this.turn++ % this.urls.length;
    const turned = [...this.urls.slice(start), ...this.urls.slice(0, start)];
    const now = this.clock.now();
    const rests = (url: string): boolean => (this.restsUntil.get(url) ?? 0) > now;
    return [...turned.filter((url) => !rests(url)), ...turned.filter(rests)];
  }

  failed(url: string): void {
    this.restsUntil.set(url, this.clock.now() + restMs);
  }

  answered(url: string): void {
    this.restsUntil.delete(url);
  }
}
