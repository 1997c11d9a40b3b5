import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HttpSink, type Answer } from './http-sink.ts';
import { startService } from './in-process.ts';
import { Oracle } from './oracle.ts';
import { Sender } from './sender.ts';

type Raw = NonNullable<Answer['raw']>;

/** Bytes that the endless answers got rid of. */
let written = 0;

const endless: Raw = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/x-protobuf', 'content-length': 1024 ** 3 });
  const piece = Buffer.alloc(64 * 1024);
  const write = (): void => {
    while (!response.destroyed && response.write(piece)) written += piece.length;
    if (!response.destroyed) response.once('drain', write);
  };
  write();
};

const trickle: Raw = (_, response) => {
  response.writeHead(200);
  const timer = setInterval(() => response.write('x'), 20);
  response.on('close', () => clearInterval(timer));
};

const halfThenSilence: Raw = (request) => {
  request.socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
};

/** 200 MiB of zeros. */
const packed = gzipSync(Buffer.alloc(200 * 1024 * 1024), { level: 1 });

const bomb: Raw = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' }).end(packed);
};

const reset: Raw = (request) => request.socket.resetAndDestroy();

/** Sends one request, the first answer to which is `raw`; every later one is a plain OK. */
async function answeredWith(raw: Raw) {
  const oracle = new Oracle();
  let first = true;
  const sink = await HttpSink.open({
    answer: () => {
      if (!first) return {};
      first = false;
      return { raw };
    },
    taken: (ids) => oracle.arrived(ids),
  });
  onTestFinished(() => sink.close());
  const exporters = { otlp_http: { endpoint: sink.url, timeout: '500ms' } };
  const { http } = await startService({ exporters });
  const sender = new Sender(oracle, http);
  const heard = await sender.send(5);
  await sender.close();
  return { heard, oracle, requests: sink.requests };
}

describe('an odd answer', () => {
  it.each([
    { name: 'a body of 1 GiB', raw: endless },
    { name: 'a body that is a gzip bomb', raw: bomb },
  ])('fault 26: $name is read no further than 64 KiB, and the good status counts', async ({ raw }) => {
    const before = process.memoryUsage.rss();
    written = 0;
    const { heard, requests, oracle } = await answeredWith(raw);
    expect([heard.status, requests, oracle.tally().lost]).toEqual([200, 1, 0]);
    // What the sockets of both sides buffer comes on top.
    expect(written).toBeLessThan(32 * 1024 * 1024);
    expect(process.memoryUsage.rss() - before).toBeLessThan(300 * 1024 * 1024);
  });

  it.each([
    { name: 'a body that never ends', raw: trickle },
    { name: 'half an answer, then silence', raw: halfThenSilence },
    { name: 'no HTTP at all', raw: ((request) => request.socket.end('220 mail ready\r\n')) as Raw },
    {
      name: 'a broken trailer',
      raw: ((request) => request.socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nbad')) as Raw,
    },
    { name: 'the end of the connection', raw: ((request) => request.socket.end()) as Raw },
  ])('fault 26: $name is given up in time, and the data is sent again', async ({ raw }) => {
    const { heard, requests, oracle } = await answeredWith(raw);
    expect([heard.status, requests, oracle.tally().lost]).toEqual([200, 2, 0]);
    expect(heard.ms).toBeLessThan(5000);
  });

  it('fault 27: a reset after the whole request has it sent again: duplicates, and no loss', async () => {
    const { heard, oracle, requests } = await answeredWith(reset);
    expect([heard.status, requests]).toEqual([200, 2]);
    expect(oracle.tally()).toMatchObject({ acked: 5, delivered: 5, duplicated: 5, lost: 0 });
  });
});
