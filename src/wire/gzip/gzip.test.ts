import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gzip, gzipStream } from './index.ts';

const KiB = 1024;
const mostInput = 256 * KiB;

async function streamed(parts: Iterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of gzipStream(parts)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Bytes of which some are new and the others stood before, near or far, once or over and over. */
const repetitive = fc
  .tuple(fc.integer(), fc.nat(300 * KiB), fc.nat(255), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([seed, length, letters, again]) => {
    const random = randomNumbers(seed);
    const bytes = Buffer.alloc(length);
    for (let at = 0; at < length;) {
      if (at > 0 && random() < again) {
        const distance = 1 + Math.floor(random() * Math.min(at, 40_000));
        const end = Math.min(length, at + 1 + Math.floor(random() ** 3 * 900));
        for (; at < end; at++) bytes[at] = bytes[at - distance] as number;
      } else bytes[at++] = Math.floor(random() ** 2 * letters);
    }
    return bytes;
  });

function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32;
}

/** Symbols of which each occurs so often as the two before it together: the deepest codes there are. */
function fibonacci(most: number): Buffer {
  const parts: Buffer[] = [];
  for (let [symbol, count, next] = [0, 1, 1]; symbol < 256 && count < most; symbol++) {
    for (let i = 0; i < count; i++) parts.push(Buffer.of(symbol, 255 - ((i * 7919) & 127)));
    [count, next] = [next, count + next];
  }
  return Buffer.concat(parts);
}

describe('gzip', () => {
  it('is what zlib unpacks to the same bytes, whatever they are, at once and bit by bit', async () => {
    await fc.assert(
      fc.asyncProperty(repetitive, fc.integer({ min: 1, max: 300 * KiB }), async (bytes, size) => {
        expect(gunzipSync(await gzip(bytes)).equals(bytes)).toBe(true);
        const parts = Array.from(
          { length: Math.min(50, Math.ceil(bytes.length / size)) + 1 },
          (_, i, end = (i + 1) * size) => bytes.subarray(i * size, i === 50 ? undefined : end),
        );
        expect(gunzipSync(await streamed(parts)).equals(Buffer.concat(parts))).toBe(true);
      }),
      { numRuns: Number(process.env['SLUICE_GZIP_RUNS'] ?? 150) },
    );
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['one byte', Buffer.of(7)],
    ['a byte over and over', Buffer.alloc(1_000_000, 65)],
    ['bytes that no code makes shorter', randomBytes(700_000)],
    ['symbols that need the deepest codes', fibonacci(30_000)],
    [
      'matches of the longest length and one more',
      Buffer.concat([
        randomBytes(600),
        ...[258, 259, 260, 261, 516, 517].flatMap((n) => [Buffer.alloc(n, 1), randomBytes(9)]),
      ]),
    ],
    [
      'matches as far away as they may be',
      Buffer.concat([
        ...[32_767, 32_768, 32_769].map((n) => Buffer.concat([Buffer.from('here and there'), randomBytes(n - 14)])),
        Buffer.from('here and there'),
      ]),
    ],
    [
      'a chunk exactly',
      randomBytes(mostInput / 2)
        .toString('hex')
        .slice(0, mostInput),
    ],
    ['a chunk and a byte', `${randomBytes(mostInput / 2).toString('hex')}x`],
  ])('packs %s', async (_name, input) => {
    const bytes = Buffer.from(input as Buffer);
    const packed = await gzip(bytes);
    expect(gunzipSync(packed).equals(bytes)).toBe(true);
    expect(packed.length).toBeLessThan(bytes.length + 64 + bytes.length / 5000);
    expect(gunzipSync(await streamed([bytes.subarray(0, 3), bytes.subarray(3)])).equals(bytes)).toBe(true);
  });

  it('is what gzip(1) takes for whole', async () => {
    const packed = await gzip(Buffer.from('{"message":"hello"}\n'.repeat(40_000)));
    expect(() => execFileSync('gzip', ['--test'], { input: packed })).not.toThrow();
  });

  it('is about as small as level 1 of zlib', async () => {
    const random = randomNumbers(1);
    const lines = Array.from(
      { length: 5000 },
      (_, i) =>
        `{"time":"2026-01-02T03:04:05.${Math.floor(random() * 1e9)}Z","level":"INFO","message":"GET /orders/${Math.floor(random() * 1e6)} took ${i % 97} ms","pod":"shop-${i % 3}"}\n`,
    );
    const text = Buffer.from(lines.join(''));
    expect((await gzip(text)).length).toBeLessThan(1.05 * gzipSync(text, { level: 1 }).length);
    const few = text.subarray(0, 4000);
    expect((await gzip(few)).length).toBeLessThan(1.1 * gzipSync(few, { level: 1 }).length);
  });

  it('lets others go on while it packs a lot', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await gzip(randomBytes(8 * mostInput));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });

  it('takes no more input than is asked of it, and says what went wrong with it', async () => {
    let given = 0;
    const input = function* (): Generator<Uint8Array> {
      for (; given < 20; given++) yield randomBytes(100 * KiB);
      throw new Error('no more');
    };
    const output = gzipStream(input());
    await output.next();
    await output.next();
    expect(given).toBeLessThan(4);
    await expect(Array.fromAsync(output)).rejects.toThrow('no more');
  });

  it('starts its places over before their numbers run out', async () => {
    const bytes = Buffer.alloc(mostInput);
    bytes.write('only once: abcdefghijklmnop', 5000);
    // 1.75 Gi of positions: after that all are forgotten, which nobody can see but by a wrong result.
    for (let i = 0; i < 0x70000000 / mostInput + 2; i++) {
      const packed = await gzip(bytes);
      if (i % 1024 === 0 || i > 0x70000000 / mostInput - 3) expect(gunzipSync(packed).equals(bytes)).toBe(true);
    }
  });
});
