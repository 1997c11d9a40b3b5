import { describe, expect, it } from 'vitest';
import { flag, frameType } from './codes.ts';
import {
  exchange,
  frame,
  getBlock,
  headersFrame,
  ok,
  postBlock,
  repeated,
  settingsAck,
  sleep,
  uint32,
} from './testing.ts';
import { Target } from './testing-target.ts';

const target = new Target();
const windowUpdate = (streamId: number, by: number): Buffer => frame(frameType.windowUpdate, 0, streamId, uint32(by));

describe('window abuse', () => {
  const large = Buffer.alloc(256 * 1024, 1);

  it('CVE-2026-21714: WINDOW_UPDATE on stream 0 that overflows ends the connection, and frees it', async () => {
    target.peer.send(windowUpdate(0, 0x7fff_ffff), windowUpdate(0, 0x7fff_ffff));
    expect(await target.peer.goaway()).toBe('FLOW_CONTROL_ERROR');
    target.peer.socket.destroy();
    await sleep(50);
    expect(target.server.connections).toBe(0);
  });

  it('CVE-2019-9511, data dribble: windows that open byte by byte', async () => {
    await target.restart({ open: () => exchange(() => ({ ...ok, body: large })) });
    target.peer.send(frame(frameType.settings, 0, 0, Buffer.from([0, 4, 0, 0, 0, 0])), headersFrame(1, getBlock));
    await target.peer.onStream(1, frameType.headers);
    target.peer.send(repeated(50_000, () => windowUpdate(1, 1)));
    expect(await target.peer.goaway()).toBe('ENHANCE_YOUR_CALM');
    await target.restart({});
  });

  it('CVE-2019-9517, a client that opens windows but never reads is cut off', async () => {
    await target.restart({
      limits: { writeStall: 200 },
      open: () => exchange(() => ({ ...ok, body: Buffer.alloc(32 << 20) })),
    });
    target.peer.socket.pause();
    target.peer.send(
      windowUpdate(0, 0x7fff_0000 - 65_535),
      frame(frameType.settings, 0, 0, Buffer.from([0, 4, 0x7f, 0, 0, 0])),
    );
    target.peer.send(headersFrame(1, getBlock));
    await sleep(800);
    expect(target.server.connections).toBe(0);
    await target.restart({});
  });

  it('an answer whose window stays shut is given up', async () => {
    await target.restart({ limits: { writeStall: 100 } });
    target.peer.send(frame(frameType.settings, 0, 0, Buffer.from([0, 4, 0, 0, 0, 0])), headersFrame(1, getBlock));
    expect(await target.peer.reset(1)).toBe('CANCEL');
  });

  it('more DATA than the stream window allows resets the stream', async () => {
    await target.restart({ limits: { streamWindow: 10_000 } });
    target.peer.send(headersFrame(1, postBlock, flag.endHeaders), frame(frameType.data, 0, 1, Buffer.alloc(16_384)));
    expect(await target.peer.reset(1)).toBe('FLOW_CONTROL_ERROR');
  });

  it('more DATA than the connection window allows ends the connection', async () => {
    await target.restart({ limits: { connectionWindow: 65_535 } });
    const request = (id: number): Buffer =>
      Buffer.concat([headersFrame(id, postBlock, flag.endHeaders), frame(frameType.data, 0, id, Buffer.alloc(16_384))]);
    target.peer.send(repeated(4, (index) => request(index * 2 + 1)));
    expect(await target.peer.goaway()).toBe('FLOW_CONTROL_ERROR');
  });
});

describe('memory', () => {
  it('unfinished bodies over the limit: the newest gives way, the others can end', async () => {
    await target.restart({ limits: { maxUnfinishedBytes: 100_000, connectionWindow: 65_535 } });
    const part = (id: number): Buffer => frame(frameType.data, 0, id, Buffer.alloc(16_000));
    for (const id of [1, 3, 5, 7]) {
      target.peer.send(headersFrame(id, postBlock, flag.endHeaders));
      for (let index = 0; index < 2; index++) target.peer.send(part(id));
      await sleep(20);
    }
    expect(await target.peer.reset(7)).toBe('REFUSED_STREAM');
    target.peer.send(frame(frameType.data, flag.endStream, 1));
    expect((await target.peer.onStream(1, frameType.data))?.payload.toString()).toBe('ok');
  });

  it('a body over the limit is answered at once, and the rest of it is ignored', async () => {
    await target.restart({ open: () => ({ ...exchange(), maxBody: 1000 }) });
    target.peer.send(headersFrame(1, postBlock, flag.endHeaders), frame(frameType.data, 0, 1, Buffer.alloc(2000)));
    expect(target.peer.fields(await target.peer.onStream(1, frameType.headers))).toEqual([':status', '413']);
    expect(await target.peer.reset(1)).toBe('NO_ERROR');
    target.peer.send(
      frame(frameType.data, flag.endStream, 1, Buffer.alloc(2000)),
      settingsAck,
      headersFrame(3, getBlock),
    );
    expect(target.peer.fields(await target.peer.onStream(3, frameType.headers))).toEqual([':status', '200']);
  });

  it('does not read ahead of requests that are not settled', async () => {
    const started: (() => void)[] = [];
    await target.restart({
      limits: { connectionWindow: 100_000, streamWindow: 100_000 },
      open: () => exchange(() => new Promise((resolve) => started.push(() => resolve(ok)))),
    });
    target.peer.send(
      headersFrame(1, postBlock, flag.endHeaders),
      repeated(5, () => frame(frameType.data, 0, 1, Buffer.alloc(16_000))),
    );
    target.peer.send(frame(frameType.data, flag.endStream, 1));
    await target.peer.onStream(0, frameType.windowUpdate);
    await sleep(50);
    const granted = (): number =>
      target.peer.frames
        .filter((found) => found.type === frameType.windowUpdate && found.streamId === 0)
        .reduce((sum, found) => sum + found.payload.readUInt32BE(), 65_535);
    expect(granted()).toBeLessThanOrEqual(100_000);
    started[0]?.();
    await target.peer.onStream(1, frameType.data);
    expect(granted()).toBeGreaterThanOrEqual(180_000);
    await target.restart({});
  });
});
