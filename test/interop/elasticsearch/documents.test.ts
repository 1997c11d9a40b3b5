import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import elasticsearch from '../../../plugins/exporters/elasticsearch/index.ts';
import { Attributes, PermanentError, SpanEvent, type Batch, type Sent } from '../../../src/plugin/index.ts';
import { logsBatch, metricsBatch, runExporter, spansBatch } from '../../../src/testing/index.ts';
import { transport } from '../../../src/transport/testing.ts';
import { OpenSearch, openSearch, type Hit } from './server.ts';

const now = BigInt(Date.UTC(2026, 2, 4, 5, 6, 7)) * 1_000_000n + 890_000_001n;

describe.skipIf(openSearch === undefined)('real OpenSearch (needs opensearch and java)', { timeout: 60_000 }, () => {
  let server: OpenSearch;
  beforeAll(async () => {
    server = await OpenSearch.start('http.max_content_length=1mb');
  }, 200_000);
  afterAll(async () => {
    await server?.stop();
    server?.remove();
  });

  async function send(options: object, ...batches: readonly Batch[]): Promise<(Sent | undefined)[]> {
    const run = await runExporter(elasticsearch, { endpoint: server.url, ...options }, { transport });
    const answers = [];
    for (const batch of batches) answers.push(await run.send(batch));
    await run.stop();
    return answers;
  }
  const all = async (index: string): Promise<Hit[]> => await Array.fromAsync(server.documents(index));
  const line = (i: number) => ({
    body: `line ${i}`,
    timeUnixNano: now + BigInt(i),
    attributes: { 'http.status': BigInt(i) },
  });

  it.each(['gzip', 'none'])(
    'has log records in a data stream, once, however often they come (compression: %s)',
    async (compression) => {
      await server.streams(`logs-${compression}.otel-*`);
      const records = Array.from({ length: 100 }, (_, i) => line(i));
      const batch = logsBatch(records, { resource: { 'service.name': 'shop', 'data_stream.dataset': compression } });
      expect(await send({ compression }, batch, batch)).toEqual([undefined, undefined]);
      const found = await all(`logs-${compression}.otel-default`);
      expect(found).toHaveLength(100);
      expect(found.find(({ _source }) => (_source['body'] as { text: string }).text === 'line 7')).toMatchObject({
        _index: expect.stringMatching(/^\.ds-logs-/),
        _source: {
          '@timestamp': '2026-03-04T05:06:07.890000008Z',
          attributes: { 'http.status': 7 },
          resource: { attributes: { 'service.name': 'shop' } },
        },
      });
      const query = { query: { term: { 'attributes.http.status': 42 } } };
      expect(await server.ask('POST', `/logs-${compression}.otel-default/_search`, query)).toMatchObject({
        hits: { total: { value: 1 } },
      });
    },
  );

  it('refuses the one document with a value of another type; all others are in', async () => {
    await server.ask('PUT', '/typed', {
      mappings: { properties: { attributes: { properties: { n: { type: 'integer' } } } } },
    });
    const batch = logsBatch(['1', 'x', '3', 'y', '5'].map((n) => ({ body: n, attributes: { n } })));
    const [sent] = await send({ logs_index: 'typed' }, batch);
    expect(sent?.refused).toHaveLength(1);
    expect(sent?.refused?.[0]?.batch.count).toBe(2);
    expect(sent?.refused?.[0]?.error.message).toMatch(
      /^400: mapper_parsing_exception: failed to parse field \[attributes.n\]/,
    );
    expect(sent?.later).toBeUndefined();
    expect((await all('typed')).map(({ _source }) => (_source['attributes'] as { n: string }).n).sort()).toEqual([
      '1',
      '3',
      '5',
    ]);
  });

  it('refuses documents for an index that takes none, and says why', async () => {
    await server.ask('PUT', '/closed', { settings: { 'index.blocks.write': true } });
    const [sent] = await send({ logs_index: 'closed' }, logsBatch([line(1)]));
    expect(sent?.refused?.[0]?.error.message).toMatch(/^403: cluster_block_exception: /);
  });

  it('takes names of indices whatever attributes say', async () => {
    const evil = ['UPPER case', 'a"}}\n{"delete":{"_index":"typed"}}\n', '_all', '../..', '*', 'ä'.repeat(300), 'a,b'];
    const batch = logsBatch(evil.map((app, i) => ({ ...line(i), attributes: { app } })));
    expect(await send({ logs_index: 'evil-{app}' }, batch)).toEqual([undefined]);
    expect(await all('evil-*')).toHaveLength(evil.length);
    expect(await all('typed')).toHaveLength(3);
  });

  it('takes spans with their events, and points of each kind', async () => {
    const events = [SpanEvent.from({ name: 'e', timeUnixNano: now, attributes: Attributes.from({ k: 1n }) })];
    const span = { startTimeUnixNano: now, endTimeUnixNano: now + 5n, events };
    const points = metricsBatch([
      { name: 'm', value: 1.5, timeUnixNano: now },
      { name: 'c', value: 7n, kind: 'sum', timeUnixNano: now },
    ]);
    expect(await send({}, spansBatch([span, { ...span, events: [] }]), points)).toEqual([undefined, undefined]);
    expect(await all('traces-generic.otel-default')).toHaveLength(2);
    expect(await all('logs-generic.otel-default')).toMatchObject([
      { _source: { event_name: 'e', attributes: { k: 1 } } },
    ]);
    expect((await all('metrics-generic.otel-default')).map(({ _source }) => _source['metrics'])).toEqual([
      { m: 1.5 },
      { c: 7 },
    ]);
  });

  it.each(['ecs', 'none', 'raw', 'bodymap'])('takes documents of the mode %s', async (mode) => {
    const body = mode === 'bodymap' ? Attributes.from({ n: 1n }) : 'text';
    const batch = logsBatch([{ ...line(1), body, attributes: { a: 'x', 'a.b': 'y', list: ['p', 'q'] } }], {
      resource: { 'service.name': 'shop', 'host.name': 'h1' },
    });
    expect(await send({ mapping: { mode }, logs_index: `mode-${mode}` }, batch)).toEqual([undefined]);
    expect(await all(`mode-${mode}`)).toHaveLength(1);
  });

  it('is told that a request is too large, as the engine wants to hear it', async () => {
    const large = logsBatch(Array.from({ length: 20 }, (_, i) => ({ ...line(i), body: 'x'.repeat(100_000) })));
    const failed = send({ logs_index: 'large' }, large);
    await expect(failed).rejects.toBeInstanceOf(PermanentError);
    await expect(failed).rejects.toMatchObject({ tooLarge: true });
  });
});
