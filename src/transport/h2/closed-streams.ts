const remembered = 256;

/** The streams that ended last, to tell a late frame from a wrong one. */
export class ClosedStreams {
  private readonly ids = new Int32Array(remembered);
  private readonly resets = new Int32Array(remembered);
  private next = 0;
  private nextReset = 0;

  /** `resetByUs`: the peer may not know yet, so its frames are to be ignored. */
  add(id: number, resetByUs: boolean): void {
    this.ids[this.next] = id;
    this.next = (this.next + 1) % remembered;
    if (!resetByUs) return;
    this.resets[this.nextReset] = id;
    this.nextReset = (this.nextReset + 1) % remembered;
  }

  has(id: number): boolean {
    return this.ids.includes(id);
  }

  wasReset(id: number): boolean {
    return this.resets.includes(id);
  }
}
