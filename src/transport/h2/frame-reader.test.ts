import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectionError, flag } from './codes.ts';
import { FrameReader } from './frame-reader.ts';
import { frame } from './testing.ts';

function collect(maxFrameSize = 1 << 20): { reader: FrameReader; seen: string[]; views: Buffer[] } {
  const seen: string[] = [];
  const views: Buffer[] = [];
  let pieces: Buffer[] = [];
  const sink = {
    closed: false,
    begin: (type: number) => type < 20,
    frame: (type: number, flags: number, id: number, payload: Buffer) =>
      void seen.push(`${type} ${flags} ${id} ${payload.toString('hex')}`),
    dataBegin: (_flags: number, _id: number, length: number) => {
      pieces = [];
      seen.push(`data of ${length}`);
    },
    dataPiece: (piece: Buffer) => {
      views.push(piece);
      pieces.push(piece);
    },
    dataEnd: (flags: number, id: number) =>
      void seen.push(`data ${flags} ${id} ${Buffer.concat(pieces).toString('hex')}`),
  };
  return { reader: new FrameReader(sink, maxFrameSize), seen, views };
}

describe('FrameReader', () => {
  it('gives the same frames however the bytes are cut', () => {
    const some = fc.record({
      type: fc.nat(25),
      id: fc.nat(100),
      payload: fc.uint8Array({ maxLength: 3000 }),
      pad: fc.option(fc.nat(255)),
    });
    const built = some.map(({ type, id, payload, pad }) => {
      if (type !== 0 || pad === null) return frame(type, type === 0 ? 1 : 0, id, payload);
      return frame(0, flag.padded, id, Buffer.concat([Buffer.from([pad]), payload, Buffer.alloc(pad)]));
    });
    fc.assert(
      fc.property(
        fc.array(built, { maxLength: 10 }),
        fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 20 }),
        (frames, cuts) => {
          const bytes = Buffer.concat(frames);
          const whole = collect();
          whole.reader.push(Buffer.from(bytes));
          const cut = collect();
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const size = cuts[turn % cuts.length] as number;
            cut.reader.push(Buffer.from(bytes.subarray(at, at + size)));
            at += size;
          }
          expect(cut.seen).toEqual(whole.seen);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('does not copy a body that arrives in one piece', () => {
    const { reader, views } = collect();
    const chunk = frame(0, 1, 1, Buffer.alloc(100, 7));
    reader.push(chunk);
    expect(views[0]?.buffer).toBe(chunk.buffer);
    expect(views[0]?.byteOffset).toBe(chunk.byteOffset + 9);
  });

  it('refuses a frame by its header, before its payload is there', () => {
    const { reader } = collect(16_384);
    const big = frame(1, 0, 1, Buffer.alloc(16_385)).subarray(0, 9);
    expect(() => reader.push(big)).toThrow(ConnectionError);
  });

  it('refuses padding that is longer than its frame', () => {
    const { reader } = collect();
    expect(() => reader.push(frame(0, flag.padded, 1, Buffer.from([5, 1, 2])))).toThrow('padding');
  });
});
