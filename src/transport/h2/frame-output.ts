import { Output } from '../socket/output.ts';

/** Gathers the frames of one connection. */
export class FrameOutput extends Output {
  frame(length: number, type: number, flags: number, streamId: number): void {
    const at = this.reserve(9);
    const slab = this.slab as Buffer;
    slab[at] = length >>> 16;
    slab[at + 1] = length >>> 8;
    slab[at + 2] = length;
    slab[at + 3] = type;
    slab[at + 4] = flags;
    slab[at + 5] = streamId >>> 24;
    slab[at + 6] = streamId >>> 16;
    slab[at + 7] = streamId >>> 8;
    slab[at + 8] = streamId;
  }

  uint32(value: number): void {
    const at = this.reserve(4);
    (this.slab as Buffer).writeUInt32BE(value, at);
  }
}
