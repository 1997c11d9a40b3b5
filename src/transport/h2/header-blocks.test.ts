import { describe, expect, it } from 'vitest';
import { flag, frameType } from './codes.ts';
import { exchange, frame, getBlock, headersFrame, literalBlock, RawPeer, repeated, sleep } from './testing.ts';
import { Target } from './testing-target.ts';

const target = new Target();

describe('header blocks are bounded', () => {
  const start = headersFrame(1, getBlock, flag.endStream);

  it('CVE-2024-27316, CVE-2023-45288, CVE-2024-28182: CONTINUATION flood', async () => {
    const more = frame(frameType.continuation, 0, 1, literalBlock(['x-a', 'y'.repeat(100)]));
    target.peer.send(
      start,
      repeated(5000, () => more),
    );
    expect(await target.peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2019-9516, CVE-2024-27919: empty CONTINUATION frames and empty header names', async () => {
    target.peer.send(
      start,
      repeated(5000, () => frame(frameType.continuation, 0, 1)),
    );
    expect(await target.peer.goaway()).toBe('ENHANCE_YOUR_CALM');
    const other = await RawPeer.client(target.address);
    other.send(headersFrame(1, Buffer.concat([getBlock, Buffer.from([0x00, 0x00, 0x00])])));
    expect(await other.reset(1)).toBe('PROTOCOL_ERROR');
    other.socket.destroy();
  });

  it('a header block of large frames ends the connection before it is stored', async () => {
    const big = frame(frameType.continuation, 0, 1, Buffer.alloc(16_384));
    target.peer.send(
      start,
      repeated(20, () => big),
    );
    expect(await target.peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2024-27983: the connection goes away inside a header block', async () => {
    target.peer.send(start, frame(frameType.continuation, 0, 1, literalBlock(['x-a', 'y'])));
    await sleep(20);
    target.peer.socket.resetAndDestroy();
    await sleep(20);
  });

  it('a header block that never ends is cut off by the clock', async () => {
    await target.restart({ limits: { headerTimeout: 100 } });
    target.peer.send(start);
    expect(await target.peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2016-6581, HPACK bomb: an entry that is repeated thousands of times is counted and not stored', async () => {
    await target.restart({ open: (head) => (head.tooLarge ? { headers: [':status', '431'] } : exchange()) });
    const entry = Buffer.concat([Buffer.from([0x40, 1, 0x61, 0x7f, 0x81, 0x1e]), Buffer.alloc(4000 - 32, 0x62)]);
    const bomb = Buffer.concat([getBlock, entry, Buffer.alloc(10_000, 0xbe)]);
    target.peer.send(headersFrame(1, bomb), headersFrame(3, Buffer.concat([getBlock, Buffer.from([0xbe])])));
    expect(target.peer.fields(await target.peer.onStream(1, frameType.headers))).toEqual([':status', '431']);
    expect(target.peer.fields(await target.peer.onStream(3, frameType.headers))).toEqual([':status', '200']);
  });

  it('CVE-2025-59465, HEADERS of oversized and invalid HPACK, then a reset of the connection', async () => {
    target.peer.send(headersFrame(1, Buffer.alloc(16_384, 0xff)));
    expect(await target.peer.goaway()).toBe('COMPRESSION_ERROR');
    target.peer.socket.resetAndDestroy();
    await sleep(20);
  });

  it('CVE-2023-33953: an integer without end is an error, not a loop', async () => {
    target.peer.send(headersFrame(1, Buffer.concat([Buffer.from([0xff]), Buffer.alloc(5000, 0x80)])));
    expect(await target.peer.goaway()).toBe('COMPRESSION_ERROR');
  });

  it('CVE-2024-7246: a table size that was never allowed is an error', async () => {
    target.peer.send(headersFrame(1, Buffer.concat([Buffer.from([0x3f, 0xe2, 0x1f]), getBlock])));
    expect(await target.peer.goaway()).toBe('COMPRESSION_ERROR');
  });
});
