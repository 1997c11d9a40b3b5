import { frame, getBlock, headersFrame, literalBlock, postBlock, uint32 } from '../../src/transport/h2/testing.ts';

/** Numbers from 0 to 1 that repeat with their seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Frames as a peer might send them, some whole, some mutated. */
export class FrameSource {
  private readonly random: () => number;
  private readonly fromServer: boolean;
  /** The newest stream; a client under test opens its streams itself. */
  nextId: number;
  private begun = false;
  /** Few mutations let a connection live long, many take it to odd places. */
  private readonly rate: number;

  constructor(random: () => number, fromServer: boolean) {
    this.random = random;
    this.rate = 0.02 + random() ** 2 * 0.7;
    this.fromServer = fromServer;
    this.nextId = 1;
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  private bytes(limit: number): Buffer {
    return Buffer.from(Array.from({ length: this.below(limit) }, () => this.below(256)));
  }

  /** Mostly a stream that is or was open. */
  private streamId(): number {
    return this.random() < 0.95 ? Math.max(1, this.nextId - 2 * this.below(6)) : this.below(2 ** 31);
  }

  private block(): Buffer {
    if (this.fromServer)
      return this.random() < 0.7 ? Buffer.from([0x88]) : literalBlock(['grpc-status', '0', 'x', 'y']);
    const choice = this.below(5);
    if (choice === 0) return getBlock;
    if (choice === 1) return Buffer.concat([postBlock, Buffer.from('4001610162', 'hex')]);
    if (choice === 2)
      return Buffer.concat([postBlock, literalBlock(['content-length', String(this.below(10)), 'te', 'trailers'])]);
    return postBlock;
  }

  /** Headers that open a stream, for a server; the answer to an open one, for a client. */
  private headers(): Buffer {
    return headersFrame(this.openedId(), this.block(), this.random() < 0.5 ? 4 : 5);
  }

  private openedId(): number {
    if (this.fromServer) return this.streamId();
    if (this.begun && this.random() < 0.97) this.nextId += 2;
    this.begun = true;
    return this.nextId;
  }

  private valid(): Buffer {
    const id = this.streamId();
    const choice = this.begun || this.fromServer ? this.below(14) : 0;
    if (choice < 5) return this.headers();
    if (choice < 9) return frame(0, this.below(2), id, this.bytes(200));
    if (choice === 9) return frame(8, 0, this.random() < 0.5 ? 0 : id, uint32(1 + this.below(100_000)));
    if (choice === 10) return frame(3, 0, id, uint32(this.below(14)));
    if (choice === 11) return frame(6, this.below(2), 0, Buffer.alloc(8, this.below(256)));
    if (choice === 12)
      return frame(
        4,
        0,
        0,
        Buffer.concat([Buffer.from([0, [1, 3, 4, 6][this.below(4)] as number]), uint32(this.below(20_000))]),
      );
    return this.split();
  }

  /** Headers over two frames. */
  private split(): Buffer {
    const block = this.block();
    const cut = this.below(block.length);
    const id = this.openedId();
    return Buffer.concat([headersFrame(id, block.subarray(0, cut), 1), frame(9, 4, id, block.subarray(cut))]);
  }

  /** How many of `next` were mutated. */
  mutated = 0;

  next(): Buffer {
    const bytes = Buffer.from(this.valid());
    if (this.random() > this.rate) return bytes;
    this.mutated++;
    return this.mutate(bytes);
  }

  private mutate(bytes: Buffer): Buffer {
    const choice = this.below(10);
    const at = this.below(bytes.length);
    if (choice < 3) bytes[9 + this.below(Math.max(1, bytes.length - 9))] = this.below(256);
    else if (choice === 3) bytes[4] = this.below(256);
    else if (choice === 4) bytes[3] = this.below(12);
    else if (choice === 5) bytes.writeUInt32BE(this.streamId(), 5);
    else if (choice === 6) return Buffer.concat([bytes, bytes]);
    else if (choice === 7) return frame(this.below(11), this.below(256), this.streamId(), this.bytes(40));
    else if (choice === 8) bytes[at] = (bytes[at] as number) ^ (1 << this.below(8));
    else return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
    return bytes;
  }
}
