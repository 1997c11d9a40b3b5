import { randomBytes } from 'node:crypto';
import zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compress, decompress, decompressStream, type CompressionError } from './index.ts';

const MiB = 1024 * 1024;
const encodings = ['gzip', 'deflate', 'zlib', 'zstd'];
const text = Buffer.from('the quick brown fox '.repeat(500));

function fault(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: CompressionError) => error.fault,
  );
}

function* pieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe.each(encodings)('%s', (encoding) => {
  it('gives back what was compressed, at once and piece by piece, whatever the sizes', async () => {
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc.nat(300_000).map((n) => new Uint8Array(n).fill(n % 251)),
    );
    await fc.assert(
      fc.asyncProperty(bodies, fc.integer({ min: 1, max: 70_000 }), async (body, size) => {
        const packed = await compress(body, encoding);
        expect(Buffer.compare(await decompress(packed, encoding, MiB), body)).toBe(0);
        const streamed = await decompressStream(pieces(packed, Math.max(size, packed.length >> 6)), encoding, MiB);
        expect(Buffer.compare(streamed, body)).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it('takes a body of exactly the limit and refuses one byte more', async () => {
    const packed = await compress(text, encoding);
    expect((await decompress(packed, encoding, text.length)).length).toBe(text.length);
    expect((await decompressStream([packed], encoding, text.length)).length).toBe(text.length);
    expect(await fault(decompress(packed, encoding, text.length - 1))).toBe('too_large');
    expect(await fault(decompressStream([packed], encoding, text.length - 1))).toBe('too_large');
  });

  it('refuses a truncated body', async () => {
    const packed = (await compress(randomBytes(500), encoding)).subarray(0, -3);
    expect(await fault(decompress(packed, encoding, MiB))).toBe('malformed');
    expect(await fault(decompressStream(pieces(packed, 7), encoding, MiB))).toBe('malformed');
  });

  it('refuses garbage, and garbage after the end', async () => {
    expect(await fault(decompress(text, encoding, MiB))).toBe('malformed');
    expect(await fault(decompressStream([text], encoding, MiB))).toBe('malformed');
    const packed = Buffer.concat([await compress(text, encoding), Buffer.from('garbage')]);
    expect(await fault(decompress(packed, encoding, MiB))).toBe('malformed');
    expect(await fault(decompressStream(pieces(packed, 9), encoding, MiB))).toBe('malformed');
  });

  it('stops a bomb while it inflates: at most twice the limit is ever held', async () => {
    const bomb = await compress(Buffer.alloc(64 * MiB), encoding);
    let largest = 0;
    let held = 0;
    const grow = (bytes: number): void => void (largest = Math.max(largest, (held += bytes)));
    expect(await fault(decompress(bomb, encoding, 4 * MiB, grow))).toBe('too_large');
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThanOrEqual(4 * MiB);
  });
});

describe('decompress', () => {
  it('hands identity through without a copy', async () => {
    expect(await decompress(text, 'identity', MiB)).toBe(text);
    expect(await fault(decompress(text, '', 10))).toBe('too_large');
  });

  it.each(['gzip, gzip', 'br', 'snappy', '__proto__'])('does not know the encoding %s', async (encoding) => {
    expect(await fault(decompress(text, encoding, MiB))).toBe('unsupported');
  });

  it('reads all frames of zstd and all members of gzip, not only the first', async () => {
    const twice = (pack: (bytes: Buffer) => Buffer): Buffer =>
      Buffer.concat([pack(Buffer.from('abc')), pack(Buffer.from('def'))]);
    for (const size of [1, 5, 1000]) {
      const zstd = twice((bytes) => zlib.zstdCompressSync(bytes));
      expect(Buffer.from(await decompress(zstd, 'zstd', 6)).toString()).toBe('abcdef');
      expect(Buffer.from(await decompressStream(pieces(zstd, size), 'zstd', 6)).toString()).toBe('abcdef');
      const gzip = twice((bytes) => zlib.gzipSync(bytes));
      expect(Buffer.from(await decompress(gzip, 'gzip', 6)).toString()).toBe('abcdef');
      expect(Buffer.from(await decompressStream(pieces(gzip, size), 'gzip', 6)).toString()).toBe('abcdef');
    }
  });

  it('counts the frames of zstd together', async () => {
    const frame = zlib.zstdCompressSync(Buffer.alloc(MiB));
    const frames = Buffer.concat(Array.from({ length: 200 }, () => frame));
    expect(await fault(decompress(frames, 'zstd', 10 * MiB))).toBe('too_large');
  });

  it('refuses zstd that asks for a window above 8 MiB', async () => {
    const wide = zlib.zstdCompressSync(Buffer.alloc(16 * MiB), { params: { [zlib.constants.ZSTD_c_windowLog]: 27 } });
    expect(await fault(decompress(wide, 'zstd', 64 * MiB))).toBe('malformed');
  });

  it('is not misled by a gzip trailer that names a false size', async () => {
    const packed = Buffer.from(zlib.gzipSync(text));
    packed.writeUInt32LE(0xfffffff0, packed.length - 4);
    expect(await fault(decompress(packed, 'gzip', MiB))).toBe('malformed');
  });

  it('passes on what the budget throws', async () => {
    const busy = new Error('busy');
    const refuse = (): never => {
      throw busy;
    };
    await expect(decompress(await compress(text, 'gzip'), 'gzip', MiB, refuse)).rejects.toBe(busy);
    await expect(decompressStream([await compress(text, 'zstd')], 'zstd', MiB, refuse)).rejects.toBe(busy);
  });
});
