import type { RecordScan } from 'sluice/plugin';
import type { LineWriter } from '../line/index.ts';
import type { Kernel } from './kernel.ts';

/** Writes the lines of all records of the batch that the scan has begun, and leaves them with the kernel. */
export class Lines {
  private readonly write: LineWriter;
  private ends = new Uint32Array(1024);

  constructor(write: LineWriter) {
    this.write = write;
  }

  put(scan: RecordScan, kernel: Kernel): void {
    const { calls } = kernel;
    let count = 0;
    const mark = scan.length;
    while (scan.next()) {
      this.write(scan);
      if (count === this.ends.length) this.grow();
      this.ends[count++] = scan.length - mark;
    }
    const lines = scan.bytes(mark);
    const linesAt = calls.roomForLines(lines.length);
    const endsAt = calls.roomForLineEnds(4 * count);
    kernel.memory.set(lines, linesAt);
    kernel.memory.set(new Uint8Array(this.ends.buffer, 0, 4 * count), endsAt);
    scan.cut(mark);
  }

  private grow(): void {
    const grown = new Uint32Array(2 * this.ends.length);
    grown.set(this.ends);
    this.ends = grown;
  }
}
