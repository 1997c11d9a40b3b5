import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DamagedError, inflated, type Packing } from './inflate.ts';
import { chunked } from './test-data/chunked.ts';

async function read(bytes: Uint8Array, packing: Packing, size = 1000, limit = 1e6): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of inflated(chunked(bytes, size), packing, limit)) parts.push(part);
  return Buffer.concat(parts).toString();
}

const text = Array.from({ length: 5000 }, (_, i) => `line ${(i * 7919) % 5003}\n`).join('');
const packed = { gzip: gzipSync(text), zstd: zstdCompressSync(text), none: Buffer.from(text) };

describe.each(['gzip', 'zstd', 'none'] as const)('%s', (packing) => {
  it.each([1, 7, 100_000])('is read whatever the chunks: %i bytes', async (size) => {
    expect(await read(packed[packing], packing, size)).toBe(text);
  });

  it('may hold nothing', async () => {
    expect(await read(Buffer.alloc(0), packing)).toBe('');
  });

  it('lets errors of its source pass', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield packed[packing].subarray(0, 100);
      throw new TypeError('the connection broke');
    };
    await expect(Array.fromAsync(inflated(broken(), packing, 1e6))).rejects.toThrow(TypeError);
  });
});

describe.each(['gzip', 'zstd'] as const)('compressed with %s', (packing) => {
  it('comes whole though it is made of several frames', async () => {
    const frames = Buffer.concat([packed[packing], packed[packing]]);
    expect(await read(frames, packing, 333)).toBe(text + text);
    expect(await read(frames, packing, 1e6)).toBe(text + text);
  });

  it('is damaged where it ends early, is something else, or something follows', async () => {
    await expect(read(packed[packing].subarray(0, -10), packing)).rejects.toThrow(DamagedError);
    await expect(read(Buffer.from('not compressed at all'), packing)).rejects.toThrow(DamagedError);
    await expect(read(Buffer.concat([packed[packing], Buffer.from('more of it')]), packing)).rejects.toThrow(
      DamagedError,
    );
  });

  it('is damaged where very little becomes very much', async () => {
    const zeros = Buffer.alloc(30_000_000);
    const bomb = packing === 'gzip' ? gzipSync(zeros) : zstdCompressSync(zeros);
    await expect(read(bomb, packing)).rejects.toThrow('more than 1000000 bytes');
  });
});
