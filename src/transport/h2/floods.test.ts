import { describe, expect, it } from 'vitest';
import { errorCode, flag, frameType } from './codes.ts';
import {
  exchange,
  frame,
  getBlock,
  headersFrame,
  ok,
  postBlock,
  repeated,
  settingsFrame,
  sleep,
  uint32,
} from './testing.ts';
import { Target } from './testing-target.ts';

const target = new Target();
const ping = frame(frameType.ping, 0, 0, Buffer.alloc(8));
const rst = (streamId: number): Buffer => frame(frameType.rstStream, 0, streamId, uint32(errorCode.cancel));
const windowUpdate = (streamId: number, by: number): Buffer => frame(frameType.windowUpdate, 0, streamId, uint32(by));

describe('floods that cost the sender nothing end with ENHANCE_YOUR_CALM', () => {
  it('CVE-2019-9512, ping flood', async () => {
    target.peer.send(repeated(5000, () => ping));
    expect(await target.peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2019-9515, settings flood', async () => {
    target.peer.send(repeated(1000, () => settingsFrame));
    expect(await target.peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2019-9513, resource loop by PRIORITY', async () => {
    target.peer.send(
      repeated(5000, (index) => frame(frameType.priority, 0, index * 2 + 1, Buffer.from([0, 0, 0, 0, 7]))),
    );
    expect(await target.peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2019-9514, streams that we have to reset', async () => {
    target.peer.send(repeated(3000, (index) => headersFrame(index * 2 + 1, Buffer.from([0x82]))));
    expect(await target.peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2019-9518, empty DATA frames', async () => {
    target.peer.send(
      headersFrame(1, postBlock, flag.endHeaders),
      repeated(5000, () => frame(frameType.data, 0, 1)),
    );
    expect(await target.peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2019-9518, DATA frames of nothing but padding', async () => {
    const padding = frame(frameType.data, flag.padded, 1, Buffer.from([3, 0, 0, 0]));
    target.peer.send(
      headersFrame(1, postBlock, flag.endHeaders),
      repeated(5000, () => padding),
    );
    expect(await target.peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2020-11080, SETTINGS with very many entries', async () => {
    const entry = Buffer.from([0, 3, 0, 0, 0, 1]);
    target.peer.send(
      frame(
        frameType.settings,
        0,
        0,
        repeated(2000, () => entry),
      ),
    );
    expect(await target.peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2023-44487, rapid reset', async () => {
    target.peer.send(
      repeated(5000, (index) => Buffer.concat([headersFrame(index * 2 + 1, getBlock), rst(index * 2 + 1)])),
    );
    expect(await target.peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('frames of unknown types', async () => {
    target.peer.send(repeated(5000, () => frame(0x77, 0, 0, Buffer.from('x'))));
    expect(await target.peer.goaway()).toBe('ENHANCE_YOUR_CALM');
  });

  it('CVE-2025-8671, MadeYouReset: resets that the client provokes count like its own', async () => {
    await target.restart({ open: () => exchange(() => new Promise(() => {})) });
    const round = (index: number): Buffer => {
      const id = index * 2 + 1;
      return Buffer.concat([headersFrame(id, getBlock), windowUpdate(id, 0)]);
    };
    target.peer.send(repeated(3000, round));
    expect(await target.peer.goaway()).toBe('ENHANCE_YOUR_CALM');
    await target.restart({});
  });
});

describe('what a stream costs is bounded although it was reset', () => {
  it('CVE-2023-39325: work for reset streams counts among the concurrent streams', async () => {
    let atWork = 0;
    await target.restart({
      limits: { maxConcurrentStreams: 10 },
      open: () =>
        exchange(async () => {
          atWork++;
          await sleep(300);
          atWork--;
          return ok;
        }),
    });
    target.peer.send(
      repeated(200, (index) => Buffer.concat([headersFrame(index * 2 + 1, getBlock), rst(index * 2 + 1)])),
    );
    await sleep(100);
    expect(atWork).toBe(10);
    expect(await target.peer.reset(399)).toBe('REFUSED_STREAM');
    await sleep(300);
  });

  it('more streams than allowed are refused, in a way that makes them safe to send again', async () => {
    await target.restart({ limits: { maxConcurrentStreams: 3 } });
    target.peer.send(repeated(4, (index) => headersFrame(index * 2 + 1, postBlock, flag.endHeaders)));
    expect(await target.peer.reset(7)).toBe('REFUSED_STREAM');
    expect(await target.peer.reset(1, 50)).toBe('none');
  });
});
