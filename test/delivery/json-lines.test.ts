import { describe, expect, it, onTestFinished } from 'vitest';
import { logsBatch } from '../../src/testing/index.ts';
import { lettersOf } from './dead-letters.ts';
import { HttpSink, type Answer } from './http-sink.ts';
import { startService } from './in-process.ts';
import { Oracle } from './oracle.ts';
import { folder } from './process.ts';
import { Sender } from './sender.ts';

/** The exporter `http` in the product, before a destination that answers as it is told. */
async function gateway(answer: HttpSink['answer'], options: object = {}, storage?: string) {
  const oracle = new Oracle();
  const sink = await HttpSink.open({ answer, taken: (ids) => oracle.arrived(ids) });
  onTestFinished(() => sink.close());
  const deadLetters = folder();
  const retry_on_failure = { initial_interval: '5ms', max_interval: '10ms' };
  const exporters = { http: { endpoint: `${sink.url}/logs/ingest`, timeout: '1s', retry_on_failure, ...options } };
  const { http, metric } = await startService({ exporters, deadLetters, ...(storage !== undefined && { storage }) });
  const sender = new Sender(oracle, http);
  onTestFinished(() => sender.close());
  return { oracle, sink, sender, metric, letters: () => lettersOf(deadLetters), http };
}

describe('JSON lines to a destination', () => {
  it.each(['ndjson', 'json_array'])('fault 21: that takes small requests only go in halves (%s)', async (format) => {
    const { oracle, sender, letters } = await gateway(
      ({ bytes }) => (bytes.length > 20_000 ? { status: 413 } : { status: 202 }),
      { format },
    );
    expect((await sender.send(64, 1000)).status).toBe(200);
    const huge = await sender.send(1, 40_000);
    expect(oracle.missing()).toEqual(huge.ids);
    expect(oracle.tally()).toMatchObject({ delivered: 64, duplicated: 0 });
    expect((await letters()).map(({ ids }) => ids)).toEqual([huge.ids]);
  });

  it.each([false, true])(
    'fault 28: that refuses every request with one bad record go without it (queue on disk: %j)',
    async (onDisk) => {
      const { oracle, sender, letters } = await gateway(
        ({ ids }) => (ids.includes(13) ? { status: 400, body: 'bad record' } : {}),
        {},
        onDisk ? folder() : undefined,
      );
      expect((await sender.send(32)).status).toBe(200);
      await expect.poll(() => oracle.tally().delivered, { timeout: 5000 }).toBe(31);
      await expect
        .poll(async () => (await letters()).map(({ ids, reason }) => [ids, reason]))
        .toEqual([[[13], 'HTTP 400: bad record']]);
    },
  );

  it.each<[string, Answer]>([
    ['503', { status: 503, headers: { 'retry-after': '0' } }],
    ['429', { status: 429 }],
    ['half an answer, then silence', { raw: (request) => request.socket.write('HTTP/1.1 200 OK\r\ncontent-le') }],
    ['a reset after the request', { raw: (request) => request.socket.resetAndDestroy() }],
  ])('faults 19, 26, 27: come again after %s', async (_, first) => {
    let requests = 0;
    const { sender, oracle } = await gateway(() => (requests++ === 0 ? first : {}));
    expect((await sender.send(5)).status).toBe(200);
    expect(requests).toBe(2);
    expect(oracle.tally()).toMatchObject({ acked: 5, delivered: 5, lost: 0 });
  });
});

describe('a path made of attributes', () => {
  const evil = [
    '../../admin',
    'a?x=1',
    'a#b',
    'a\r\nHost: elsewhere\r\n\r\nPOST /x',
    '@elsewhere',
    '//elsewhere',
    '%2e%2e',
    '..',
    'x'.repeat(5000),
  ];

  it('fault 57: stays below its folder and on its host, or its record is a dead letter; no other request is made', async () => {
    const paths: string[] = [];
    const deadLetters = folder();
    const sink = await HttpSink.open();
    onTestFinished(() => sink.close());
    sink.answer = () => ({
      raw: (request, response) => {
        paths.push(request.url as string);
        expect(request.headers.host).toBe(new URL(sink.url).host);
        response.writeHead(200).end();
      },
    });
    const exporters = { http: { endpoint: `${sink.url}/logs/{app}/ingest`, header_templates: { 'x-app': 'v-{app}' } } };
    const { http, metric } = await startService({ exporters, deadLetters });
    const records = evil.map((app, i) => ({ body: bodyOf(i), attributes: { app } }));
    const answer = await fetch(`http://127.0.0.1:${http}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: Buffer.from(logsBatch(records).bytes),
    });
    expect(answer.status).toBe(200);
    // The one with a line break is no header, the one that climbs no path.
    expect((await lettersOf(deadLetters)).flatMap(({ ids }) => ids)).toEqual([3, 7]);
    expect(paths.map((path) => decodeURIComponent(path.split('/')[2] as string))).toEqual(
      evil.filter((_, i) => i !== 3 && i !== 7),
    );
    for (const path of paths) expect(path).toMatch(/^\/logs\/[^/?#\s]+\/ingest$/);
    expect(metric('otelcol_exporter_sent_log_records')).toBe(evil.length - 2);
  });
});

function bodyOf(id: number): string {
  const seed = (Math.imul(id + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return `id=${String(id).padStart(12, '0')} ${seed};`;
}
