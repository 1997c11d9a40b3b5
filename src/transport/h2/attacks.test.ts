import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorCode, flag, frameType, preface } from './codes.ts';
import type { Server } from './server.ts';
import {
  exchange,
  frame,
  getBlock,
  headersFrame,
  literalBlock,
  ok,
  postBlock,
  RawPeer,
  settingsAck,
  settingsFrame,
  sleep,
  startServer,
  uint32,
} from './testing.ts';

let server: Server;
let address: string;
let peer: RawPeer;

async function restart(options: Parameters<typeof startServer>[0]): Promise<void> {
  peer.socket.destroy();
  await server.close(0);
  ({ server, address } = await startServer(options));
  peer = await RawPeer.client(address);
}

/** The process lives and serves others. */
async function expectServing(): Promise<void> {
  const other = await RawPeer.client(address);
  other.send(headersFrame(1, getBlock));
  expect((await other.onStream(1, frameType.data))?.payload.toString()).toBe('ok');
  other.socket.destroy();
}

beforeEach(async () => {
  ({ server, address } = await startServer());
  peer = await RawPeer.client(address);
});

afterEach(async () => {
  await expectServing();
  peer.socket.destroy();
  await server.close(0);
});

function repeated(times: number, make: (index: number) => Buffer): Buffer {
  return Buffer.concat(Array.from({ length: times }, (_, index) => make(index)));
}

const ping = frame(frameType.ping, 0, 0, Buffer.alloc(8));
const rst = (streamId: number): Buffer => frame(frameType.rstStream, 0, streamId, uint32(errorCode.cancel));
const windowUpdate = (streamId: number, by: number): Buffer => frame(frameType.windowUpdate, 0, streamId, uint32(by));

describe('floods that cost the sender nothing end with ENHANCE_YOUR_CALM', () => {
  it('CVE-2019-9512, ping flood', async () => {
    peer.send(repeated(5000, () => ping));
    expect(await peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2019-9515, settings flood', async () => {
    peer.send(repeated(1000, () => settingsFrame));
    expect(await peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2019-9513, resource loop by PRIORITY', async () => {
    peer.send(repeated(5000, (index) => frame(frameType.priority, 0, index * 2 + 1, Buffer.from([0, 0, 0, 0, 7]))));
    expect(await peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2019-9514, streams that we have to reset', async () => {
    peer.send(repeated(3000, (index) => headersFrame(index * 2 + 1, Buffer.from([0x82]))));
    expect(await peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2019-9518, empty DATA frames', async () => {
    peer.send(
      headersFrame(1, postBlock, flag.endHeaders),
      repeated(5000, () => frame(frameType.data, 0, 1)),
    );
    expect(await peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2019-9518, DATA frames of nothing but padding', async () => {
    const padding = frame(frameType.data, flag.padded, 1, Buffer.from([3, 0, 0, 0]));
    peer.send(
      headersFrame(1, postBlock, flag.endHeaders),
      repeated(5000, () => padding),
    );
    expect(await peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2020-11080, SETTINGS with very many entries', async () => {
    const entry = Buffer.from([0, 3, 0, 0, 0, 1]);
    peer.send(
      frame(
        frameType.settings,
        0,
        0,
        repeated(2000, () => entry),
      ),
    );
    expect(await peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2023-44487, rapid reset', async () => {
    peer.send(repeated(5000, (index) => Buffer.concat([headersFrame(index * 2 + 1, getBlock), rst(index * 2 + 1)])));
    expect(await peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('frames of unknown types', async () => {
    peer.send(repeated(5000, () => frame(0x77, 0, 0, Buffer.from('x'))));
    expect(await peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2025-8671, MadeYouReset: resets that the client provokes count like its own', async () => {
    await restart({ open: () => exchange(() => new Promise(() => {})) });
    const round = (index: number): Buffer => {
      const id = index * 2 + 1;
      return Buffer.concat([headersFrame(id, getBlock), windowUpdate(id, 0)]);
    };
    peer.send(repeated(3000, round));
    expect(await peer.goaway()).toBe('ENHANCE_YOUR_CALM');
    await restart({});
  });
});

describe('what a stream costs is bounded although it was reset', () => {
  it('CVE-2023-39325: work for reset streams counts among the concurrent streams', async () => {
    let atWork = 0;
    await restart({
      limits: { maxConcurrentStreams: 10 },
      open: () =>
        exchange(async () => {
          atWork++;
          await sleep(300);
          atWork--;
          return ok;
        }),
    });
    peer.send(repeated(200, (index) => Buffer.concat([headersFrame(index * 2 + 1, getBlock), rst(index * 2 + 1)])));
    await sleep(100);
    expect(atWork).toBe(10);
    expect(await peer.reset(399)).toBe('REFUSED_STREAM');
    await sleep(300);
  });

  it('more streams than allowed are refused, in a way that makes them safe to send again', async () => {
    await restart({ limits: { maxConcurrentStreams: 3 } });
    peer.send(repeated(4, (index) => headersFrame(index * 2 + 1, postBlock, flag.endHeaders)));
    expect(await peer.reset(7)).toBe('REFUSED_STREAM');
    expect(await peer.reset(1, 50)).toBe('none');
  });
});

describe('header blocks are bounded', () => {
  const start = headersFrame(1, getBlock, flag.endStream);

  it('CVE-2024-27316, CVE-2023-45288, CVE-2024-28182: CONTINUATION flood', async () => {
    const more = frame(frameType.continuation, 0, 1, literalBlock(['x-a', 'y'.repeat(100)]));
    peer.send(
      start,
      repeated(5000, () => more),
    );
    expect(await peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2019-9516, CVE-2024-27919: empty CONTINUATION frames and empty header names', async () => {
    peer.send(
      start,
      repeated(5000, () => frame(frameType.continuation, 0, 1)),
    );
    expect(await peer.goaway()).toBe('ENHANCE_YOUR_CALM');
    const other = await RawPeer.client(address);
    other.send(headersFrame(1, Buffer.concat([getBlock, Buffer.from([0x00, 0x00, 0x00])])));
    expect(await other.reset(1)).toBe('PROTOCOL_ERROR');
    other.socket.destroy();
  });

  it('a header block of large frames ends the connection before it is stored', async () => {
    const big = frame(frameType.continuation, 0, 1, Buffer.alloc(16_384));
    peer.send(
      start,
      repeated(20, () => big),
    );
    expect(await peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2024-27983: the connection goes away inside a header block', async () => {
    peer.send(start, frame(frameType.continuation, 0, 1, literalBlock(['x-a', 'y'])));
    await sleep(20);
    peer.socket.resetAndDestroy();
    await sleep(20);
  });

  it('a header block that never ends is cut off by the clock', async () => {
    await restart({ limits: { headerTimeout: 100 } });
    peer.send(start);
    expect(await peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2016-6581, HPACK bomb: an entry that is repeated thousands of times is counted and not stored', async () => {
    await restart({ open: (head) => (head.tooLarge ? { headers: [':status', '431'] } : exchange()) });
    const entry = Buffer.concat([Buffer.from([0x40, 1, 0x61, 0x7f, 0x81, 0x1e]), Buffer.alloc(4000 - 32, 0x62)]);
    const bomb = Buffer.concat([getBlock, entry, Buffer.alloc(10_000, 0xbe)]);
    peer.send(headersFrame(1, bomb), headersFrame(3, Buffer.concat([getBlock, Buffer.from([0xbe])])));
    expect(peer.fields(await peer.onStream(1, frameType.headers))).toEqual([':status', '431']);
    expect(peer.fields(await peer.onStream(3, frameType.headers))).toEqual([':status', '200']);
  });

  it('CVE-2025-59465, HEADERS of oversized and invalid HPACK, then a reset of the connection', async () => {
    peer.send(headersFrame(1, Buffer.alloc(16_384, 0xff)));
    expect(await peer.goaway()).toBe('COMPRESSION_ERROR');
    peer.socket.resetAndDestroy();
    await sleep(20);
  });

  it('CVE-2023-33953: an integer without end is an error, not a loop', async () => {
    peer.send(headersFrame(1, Buffer.concat([Buffer.from([0xff]), Buffer.alloc(5000, 0x80)])));
    expect(await peer.goaway()).toBe('COMPRESSION_ERROR');
  });

  it('CVE-2024-7246: a table size that was never allowed is an error', async () => {
    peer.send(headersFrame(1, Buffer.concat([Buffer.from([0x3f, 0xe2, 0x1f]), getBlock])));
    expect(await peer.goaway()).toBe('COMPRESSION_ERROR');
  });
});

describe('window abuse', () => {
  const large = Buffer.alloc(256 * 1024, 1);

  it('CVE-2026-21714: WINDOW_UPDATE on stream 0 that overflows ends the connection, and frees it', async () => {
    peer.send(windowUpdate(0, 0x7fff_ffff), windowUpdate(0, 0x7fff_ffff));
    expect(await peer.goaway()).toBe('FLOW_CONTROL_ERROR');
    peer.socket.destroy();
    await sleep(50);
    expect(server.connections).toBe(0);
  });

  it('CVE-2019-9511, data dribble: windows that open byte by byte', async () => {
    await restart({ open: () => exchange(() => ({ ...ok, body: large })) });
    peer.send(frame(frameType.settings, 0, 0, Buffer.from([0, 4, 0, 0, 0, 0])), headersFrame(1, getBlock));
    await peer.onStream(1, frameType.headers);
    peer.send(repeated(50_000, () => windowUpdate(1, 1)));
    expect(await peer.goaway()).toBe('ENHANCE_YOUR_CALM');
    await restart({});
  });

  it('CVE-2019-9517, a client that opens windows but never reads is cut off', async () => {
    await restart({
      limits: { writeStall: 200 },
      open: () => exchange(() => ({ ...ok, body: Buffer.alloc(32 << 20) })),
    });
    peer.socket.pause();
    peer.send(
      windowUpdate(0, 0x7fff_0000 - 65_535),
      frame(frameType.settings, 0, 0, Buffer.from([0, 4, 0x7f, 0, 0, 0])),
    );
    peer.send(headersFrame(1, getBlock));
    await sleep(800);
    expect(server.connections).toBe(0);
    await restart({});
  });

  it('an answer whose window stays shut is given up', async () => {
    await restart({ limits: { writeStall: 100 } });
    peer.send(frame(frameType.settings, 0, 0, Buffer.from([0, 4, 0, 0, 0, 0])), headersFrame(1, getBlock));
    expect(await peer.reset(1)).toBe('CANCEL');
  });

  it('more DATA than the stream window allows resets the stream', async () => {
    await restart({ limits: { streamWindow: 10_000 } });
    peer.send(headersFrame(1, postBlock, flag.endHeaders), frame(frameType.data, 0, 1, Buffer.alloc(16_384)));
    expect(await peer.reset(1)).toBe('FLOW_CONTROL_ERROR');
  });

  it('more DATA than the connection window allows ends the connection', async () => {
    await restart({ limits: { connectionWindow: 65_535 } });
    const request = (id: number): Buffer =>
      Buffer.concat([headersFrame(id, postBlock, flag.endHeaders), frame(frameType.data, 0, id, Buffer.alloc(16_384))]);
    peer.send(repeated(4, (index) => request(index * 2 + 1)));
    expect(await peer.goaway()).toBe('FLOW_CONTROL_ERROR');
  });
});

describe('slow and silent clients', () => {
  it('a connection that never says anything is closed', async () => {
    await restart({ limits: { handshakeTimeout: 100 } });
    const silent = new RawPeer(raw());
    expect(await silent.closed()).toBe(true);
  });

  it('a preface that comes byte by byte and never ends is closed', async () => {
    await restart({ limits: { handshakeTimeout: 100 } });
    const slow = new RawPeer(raw());
    slow.send(preface.subarray(0, 5));
    expect(await slow.closed()).toBe(true);
  });

  it('a body of one byte a second is reset, and other streams of the connection go on', async () => {
    await restart({ limits: { bodyGrace: 100 } });
    peer.send(headersFrame(1, postBlock, flag.endHeaders), frame(frameType.data, 0, 1, Buffer.from('x')));
    expect(await peer.reset(1)).toBe('CANCEL');
    peer.send(headersFrame(3, getBlock));
    expect((await peer.onStream(3, frameType.data))?.payload.toString()).toBe('ok');
  });

  it('something that is not HTTP/2 is closed', async () => {
    const other = new RawPeer(raw());
    other.send(Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
    expect(await other.goaway()).toBe('PROTOCOL_ERROR');
    expect(await other.closed()).toBe(true);
  });

  it('a keepalive ping without an answer closes the connection', async () => {
    await restart({ limits: { keepaliveTime: 50, keepaliveTimeout: 50 } });
    expect(await peer.type(frameType.ping)).toBeDefined();
    expect(await peer.closed()).toBe(true);
    await restart({});
  });

  function raw(): Socket {
    const [host, port] = address.split(':') as [string, string];
    return connect(Number(port), host);
  }
});

describe('memory', () => {
  it('unfinished bodies over the limit: the newest gives way, the others can end', async () => {
    await restart({ limits: { maxUnfinishedBytes: 100_000, connectionWindow: 65_535 } });
    const part = (id: number): Buffer => frame(frameType.data, 0, id, Buffer.alloc(16_000));
    for (const id of [1, 3, 5, 7]) {
      peer.send(headersFrame(id, postBlock, flag.endHeaders));
      for (let index = 0; index < 2; index++) peer.send(part(id));
      await sleep(20);
    }
    expect(await peer.reset(7)).toBe('REFUSED_STREAM');
    peer.send(frame(frameType.data, flag.endStream, 1));
    expect((await peer.onStream(1, frameType.data))?.payload.toString()).toBe('ok');
  });

  it('a body over the limit is answered at once, and the rest of it is ignored', async () => {
    await restart({ open: () => ({ ...exchange(), maxBody: 1000 }) });
    peer.send(headersFrame(1, postBlock, flag.endHeaders), frame(frameType.data, 0, 1, Buffer.alloc(2000)));
    expect(peer.fields(await peer.onStream(1, frameType.headers))).toEqual([':status', '413']);
    expect(await peer.reset(1)).toBe('NO_ERROR');
    peer.send(frame(frameType.data, flag.endStream, 1, Buffer.alloc(2000)), settingsAck, headersFrame(3, getBlock));
    expect(peer.fields(await peer.onStream(3, frameType.headers))).toEqual([':status', '200']);
  });

  it('does not read ahead of requests that are not settled', async () => {
    const started: (() => void)[] = [];
    await restart({
      limits: { connectionWindow: 100_000, streamWindow: 100_000 },
      open: () => exchange(() => new Promise((resolve) => started.push(() => resolve(ok)))),
    });
    peer.send(
      headersFrame(1, postBlock, flag.endHeaders),
      repeated(5, () => frame(frameType.data, 0, 1, Buffer.alloc(16_000))),
    );
    peer.send(frame(frameType.data, flag.endStream, 1));
    await peer.onStream(0, frameType.windowUpdate);
    await sleep(50);
    const granted = (): number =>
      peer.frames
        .filter((found) => found.type === frameType.windowUpdate && found.streamId === 0)
        .reduce((sum, found) => sum + found.payload.readUInt32BE(), 65_535);
    expect(granted()).toBeLessThanOrEqual(100_000);
    started[0]?.();
    await peer.onStream(1, frameType.data);
    expect(granted()).toBeGreaterThanOrEqual(180_000);
    await restart({});
  });
});
