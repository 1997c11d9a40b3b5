import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { flag, frameType, preface } from './codes.ts';
import { frame, getBlock, headersFrame, postBlock, RawPeer } from './testing.ts';
import { Target } from './testing-target.ts';

const target = new Target();

describe('slow and silent clients', () => {
  it('a connection that never says anything is closed', async () => {
    await target.restart({ limits: { handshakeTimeout: 100 } });
    const silent = new RawPeer(raw());
    expect(await silent.closed()).toBe(true);
  });

  it('a preface that comes byte by byte and never ends is closed', async () => {
    await target.restart({ limits: { handshakeTimeout: 100 } });
    const slow = new RawPeer(raw());
    slow.send(preface.subarray(0, 5));
    expect(await slow.closed()).toBe(true);
  });

  it('a body of one byte a second is reset, and other streams of the connection go on', async () => {
    await target.restart({ limits: { bodyGrace: 100 } });
    target.peer.send(headersFrame(1, postBlock, flag.endHeaders), frame(frameType.data, 0, 1, Buffer.from('x')));
    expect(await target.peer.reset(1)).toBe('CANCEL');
    target.peer.send(headersFrame(3, getBlock));
    expect((await target.peer.onStream(3, frameType.data))?.payload.toString()).toBe('ok');
  });

  it('something that is not HTTP/2 is closed', async () => {
    const other = new RawPeer(raw());
    other.send(Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
    expect(await other.goaway()).toBe('PROTOCOL_ERROR');
    expect(await other.closed()).toBe(true);
  });

  it('a keepalive ping without an answer closes the connection', async () => {
    await target.restart({ limits: { keepaliveTime: 50, keepaliveTimeout: 50 } });
    expect(await target.peer.type(frameType.ping)).toBeDefined();
    expect(await target.peer.closed()).toBe(true);
    await target.restart({});
  });

  function raw(): Socket {
    const [host, port] = target.address.split(':') as [string, string];
    return connect(Number(port), host);
  }
});
