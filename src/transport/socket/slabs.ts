/** Memory to write into that serves again and again; every slab of a pool has the same size. */
export class Slabs {
  readonly size: number;
  private readonly perPage: number;
  private readonly mostFree: number;
  private readonly free: Buffer[] = [];

  /** `perPage` slabs are made at a time, side by side: a small one by itself would cost more than what is in it. */
  constructor(size: number, perPage: number, mostFree: number) {
    this.size = size;
    this.perPage = perPage;
    this.mostFree = mostFree;
  }

  take(): Buffer {
    return this.free.pop() ?? this.make();
  }

  /** Nobody may read it any more. */
  give(slab: Buffer): void {
    if (this.free.length < this.mostFree) this.free.push(slab);
  }

  private make(): Buffer {
    const page = Buffer.allocUnsafeSlow(this.size * this.perPage);
    for (let at = this.size; at < page.length; at += this.size) this.free.push(page.subarray(at, at + this.size));
    return page.subarray(0, this.size);
  }
}
