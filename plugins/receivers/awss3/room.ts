/** What is on its way at a time, bounded by number and by bytes. Something larger than all the room goes alone. */
export class Room {
  private readonly most: { readonly count: number; readonly bytes: number };
  private count = 0;
  private bytes = 0;
  private waiting: (() => void)[] = [];

  constructor(most: { readonly count: number; readonly bytes: number }) {
    this.most = most;
  }

  /** Resolves when there is room; what it gives makes it free again. */
  async take(bytes: number): Promise<() => void> {
    while (this.count > 0 && (this.count >= this.most.count || this.bytes + bytes > this.most.bytes))
      await this.changed();
    this.count += 1;
    this.bytes += bytes;
    return () => {
      this.count -= 1;
      this.bytes -= bytes;
      for (const wake of this.waiting.splice(0)) wake();
    };
  }

  /** Resolves when nothing is on its way. */
  async idle(): Promise<void> {
    while (this.count > 0) await this.changed();
  }

  private async changed(): Promise<void> {
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}
