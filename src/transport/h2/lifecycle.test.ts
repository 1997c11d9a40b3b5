import { afterEach, describe, expect, it } from 'vitest';
import { RequestError, type Answer } from './client-connection.ts';
import { flag, frameType } from './codes.ts';
import { exchange, frame, getBlock, headersFrame, quick, RawPeer, sleep, startServer, uint32 } from './testing.ts';
import { cleanUp, cleanups, client, request, slow, start } from './testing-client.ts';

afterEach(cleanUp);

describe('a server that closes', () => {
  it('announces it, refuses new streams, lets open ones end and then closes', async () => {
    const { server, address } = await start(slow(200));
    const peer = await RawPeer.client(address);
    peer.send(headersFrame(1, getBlock));
    await sleep(50);
    const closing = server.close(Date.now() + 5000);
    const ping = await peer.type(frameType.ping);
    const first = await peer.type(frameType.goaway);
    expect(first?.payload.readUInt32BE(0)).toBe(0x7fff_ffff);
    peer.send(frame(frameType.ping, flag.ack, 0, ping?.payload), headersFrame(3, getBlock));
    expect(await peer.reset(3)).toBe('REFUSED_STREAM');
    expect((await peer.onStream(1, frameType.data))?.payload.toString()).toBe('ok');
    await closing;
    expect(await peer.closed()).toBe(true);
    const last = peer.frames.filter((found) => found.type === frameType.goaway).at(-1);
    expect(last?.payload.readUInt32BE(0)).toBe(1);
  });

  it('cuts what is left at its deadline', async () => {
    const { server, address } = await start(slow(60_000));
    const peer = await RawPeer.client(address);
    peer.send(headersFrame(1, getBlock));
    await sleep(50);
    const began = Date.now();
    await server.close(Date.now() + 100);
    expect(Date.now() - began).toBeLessThan(1500);
    expect(await peer.closed()).toBe(true);
  });

  it('ends connections that are old or idle', async () => {
    const { address } = await start({ limits: { maxAge: 100 } });
    const old = await RawPeer.client(address);
    expect(await old.goaway()).toBe('NO_ERROR');
    const idle = await start({ limits: { maxIdle: 100 } });
    const peer = await RawPeer.client(idle.address);
    expect(await peer.goaway()).toBe('NO_ERROR');
    expect(await peer.closed()).toBe(true);
  });

  it('cuts an old connection when its grace is over', async () => {
    const { address } = await start({ limits: { maxAge: 50, maxAgeGrace: 100 }, ...slow(60_000) });
    const peer = await RawPeer.client(address);
    peer.send(headersFrame(1, getBlock));
    expect(await peer.closed()).toBe(true);
  });
});

describe('Client', () => {
  it('fails at once without a server, and connects when there is one', async () => {
    const gone = await start();
    await gone.server.close(0);
    const patient = client(gone.address);
    await expect(patient.request(request)).rejects.toMatchObject({ kind: 'lost' });
    await expect(patient.request(request)).rejects.toMatchObject({ kind: 'lost' });
    const again = await startServer();
    cleanups.push(() => again.server.close(0));
    const moved = client(again.address);
    expect((await moved.request(request)).body.toString()).toBe('ok');
  });

  it('waits for a connection where it is told to', async () => {
    let address = '127.0.0.1:1';
    const patient = client('', { waitForReady: true, resolve: () => Promise.resolve([address]) });
    const pending = patient.request(request);
    await sleep(50);
    address = (await start()).address;
    expect((await pending).body.toString()).toBe('ok');
  });

  it('sends requests again that the server says it has not processed', async () => {
    let refused = 0;
    const { address } = await start({ limits: { maxConcurrentStreams: 1 }, ...slow(20) });
    const one = client(address);
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => one.request(request)));
    for (const outcome of outcomes) if (outcome.status === 'rejected') refused++;
    expect(refused).toBe(0);
  });

  it('loses no request when connections age away under load', async () => {
    const { address } = await start({ limits: { maxAge: 150 }, ...slow(5) });
    const one = client(address);
    const end = Date.now() + 1000;
    let answered = 0;
    const worker = async (): Promise<void> => {
      for (; Date.now() < end; answered++) await one.request(request);
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(answered).toBeGreaterThan(100);
  });

  it('tells the server when a request is given up, and frees its place', async () => {
    const { address } = await start({ limits: { maxConcurrentStreams: 1 }, ...slow(100) });
    const one = client(address);
    const controller = new AbortController();
    const pending = one.request(request, controller.signal);
    await sleep(30);
    controller.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
    await sleep(120);
    expect((await one.request(request)).body.toString()).toBe('ok');
  });

  it('does not send what is aborted while it waits for a connection', async () => {
    let opened = 0;
    const { address } = await start({
      open: () => {
        opened++;
        return exchange();
      },
    });
    const one = client(address);
    const controller = new AbortController();
    const pending = one.request(request, controller.signal);
    controller.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
    await one.request(request);
    expect(opened).toBe(1);
  });
});

describe('a hostile server', () => {
  /** A server that says its settings and then what it is given, whenever a request comes. */
  async function hostile(...bytes: readonly Uint8Array[]): Promise<Promise<Answer>> {
    const { createServer } = await import('node:net');
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write(frame(frameType.settings, 0, 0));
      socket.write(frame(frameType.settings, flag.ack, 0));
      setTimeout(() => socket.write(Buffer.concat(bytes)), 50);
      cleanups.push(() => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => server.close());
    const { port } = server.address() as { port: number };
    return client(`127.0.0.1:${port}`).request(request, AbortSignal.timeout(1000));
  }
  const status = Buffer.from([0x88]);

  it.each([
    ['DATA on an idle stream', frame(frameType.data, 0, 9, Buffer.from('x'))],
    ['HEADERS on an idle stream', headersFrame(9, status)],
    ['PUSH_PROMISE', frame(frameType.pushPromise, 4, 1, Buffer.concat([uint32(2), getBlock]))],
    ['broken HPACK', headersFrame(1, Buffer.from([0xff, 0xff, 0xff]))],
    ['a frame that is too large', frame(frameType.goaway, 0, 0, Buffer.alloc(2 << 20))],
    ['ENABLE_PUSH', frame(frameType.settings, 0, 0, Buffer.from([0, 2, 0, 0, 0, 1]))],
    [
      'pings without end',
      Buffer.concat(Array.from({ length: 1000 }, () => frame(frameType.ping, 0, 0, Buffer.alloc(8)))),
    ],
    [
      'interim answers without end',
      Buffer.concat(Array.from({ length: 2000 }, () => headersFrame(1, Buffer.from([0x08, 3, 0x31, 0x30, 0x30]), 4))),
    ],
  ])('that sends %s loses the connection, and the request fails', async (_, bytes) => {
    const pending = await hostile(bytes).then(
      (outcome) => outcome as unknown,
      (error: unknown) => error,
    );
    expect(pending).toBeInstanceOf(RequestError);
    expect((pending as RequestError).kind).toBe('lost');
  });

  it.each([
    ['no status', headersFrame(1, Buffer.from([0x0f, 0x0d, 1, 0x30]))],
    ['a status that is none', headersFrame(1, Buffer.from([0x08, 2, 0x39, 0x39]))],
    [
      'a body that is shorter than it says',
      Buffer.concat([headersFrame(1, Buffer.from([0x88, 0x0f, 0x0d, 1, 0x39]), 4), frame(0, 1, 1, Buffer.from('x'))]),
    ],
    ['trailers without an end', Buffer.concat([headersFrame(1, status, 4), headersFrame(1, status, 4)])],
    ['a body before the headers', frame(frameType.data, 1, 1, Buffer.from('x'))],
  ])('that answers with %s makes that request fail alone', async (_, bytes) => {
    const outcome = await hostile(bytes).then(
      (answer) => answer as unknown,
      (error: unknown) => error,
    );
    expect((outcome as RequestError).kind).toBe('malformed');
  });

  it('that opens no window is given up', async () => {
    const { createServer } = await import('node:net');
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write(
        Buffer.concat([
          frame(frameType.settings, 0, 0, Buffer.from([0, 4, 0, 0, 0, 0])),
          frame(frameType.settings, flag.ack, 0),
        ]),
      );
      cleanups.push(() => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => server.close());
    const { port } = server.address() as { port: number };
    const stuck = client(`127.0.0.1:${port}`, { limits: { ...quick, writeStall: 100 } });
    await expect(stuck.request(request)).rejects.toMatchObject({ kind: 'lost' });
  });
});
