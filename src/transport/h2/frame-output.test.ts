import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { FrameOutput } from './frame-output.ts';

/** A socket that keeps what it is given, as the kernel would, or does not take it. */
class Sink extends EventEmitter {
  readonly writes: Uint8Array[] = [];
  readonly takes: boolean;
  writable = true;
  writableLength = 0;
  corks = 0;

  constructor(takes = true) {
    super();
    this.takes = takes;
  }

  write(bytes: Uint8Array): void {
    this.writes.push(this.takes ? Uint8Array.from(bytes) : bytes);
    if (!this.takes) this.writableLength += bytes.length;
  }

  cork(): void {
    this.corks++;
  }

  uncork(): void {
    this.corks--;
  }
}

const output = (sink: Sink): FrameOutput => new FrameOutput(sink as unknown as Socket);
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('FrameOutput', () => {
  it('gathers small pieces of a tick into one write', async () => {
    const sink = new Sink();
    const out = output(sink);
    for (let index = 0; index < 10; index++) {
      out.frame(3, 0, 1, index);
      out.data(Buffer.from('abc'), 0, 3);
    }
    expect(out.pending).toBe(120);
    await tick();
    expect(sink.writes).toHaveLength(1);
    expect(sink.writes[0]).toHaveLength(120);
    expect(out.pending).toBe(0);
  });

  it('hands large pieces on as they are, in their order', async () => {
    const sink = new Sink(false);
    const out = output(sink);
    const body = Buffer.alloc(100_000, 7);
    out.frame(100_000, 0, 1, 1);
    out.data(body, 0, body.length);
    out.frame(0, 0, 1, 3);
    await tick();
    expect(sink.writes.map((write) => write.length)).toEqual([9, 100_000, 9]);
    expect(sink.writes[1]).toBe(body);
    expect(sink.corks).toBe(0);
  });

  it('does not write over bytes that the socket still holds', async () => {
    const sink = new Sink(false);
    const out = output(sink);
    for (let round = 0; round < 50; round++) {
      out.copy(Buffer.alloc(1000, round));
      await tick();
    }
    sink.writes.forEach((write, round) => expect(write.every((byte) => byte === round)).toBe(true));
  });

  it('keeps its order over more than a slab, and copies what is larger than one', async () => {
    const sink = new Sink();
    const out = output(sink);
    const pieces = Array.from({ length: 100 }, (_, index) => Buffer.alloc(1000 + index * 20, index));
    for (const piece of pieces) out.copy(piece);
    const large = Buffer.alloc(50_000, 9);
    out.copy(large);
    large.fill(0);
    await tick();
    expect(Buffer.concat(sink.writes).equals(Buffer.concat([...pieces, Buffer.alloc(50_000, 9)]))).toBe(true);
  });
});
