import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import loki from '../../../plugins/exporters/loki/index.ts';
import { Attributes, type Batch, type Sent } from '../../../src/plugin/index.ts';
import { logsBatch, runExporter, type ExporterRun } from '../../../src/testing/index.ts';
import { transport } from '../../../src/transport/testing.ts';
import { Loki, lokiBinary, type Line } from './server.ts';

const second = 1_000_000_000n;
const now = BigInt(Date.now()) * 1_000_000n;
const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe.skipIf(lokiBinary === undefined)('real Loki (needs loki)', () => {
  let server: Loki;
  beforeAll(async () => {
    server = await Loki.start();
  }, 300_000);
  afterAll(async () => {
    await server?.stop();
    server?.remove();
  });

  async function send(options: object, ...batches: readonly Batch[]): Promise<(Sent | undefined)[]> {
    const run: ExporterRun = await runExporter(loki, { endpoint: server.url, ...options }, { transport });
    const answers = [];
    for (const batch of batches) answers.push(await run.send(batch));
    await run.stop();
    return answers;
  }

  async function linesOf(service: string): Promise<Line[]> {
    const lines: Line[] = [];
    for await (const line of server.lines(`{service_name="${service}"}`, now - 3600n * second, now + 60n * second))
      lines.push(line);
    return lines;
  }

  const record = {
    timeUnixNano: now,
    observedTimeUnixNano: now + 5n,
    severityNumber: 17,
    severityText: 'ERROR',
    body: 'payment für 🙂 failed',
    attributes: { 'http.status': 503n, 'user.id': 'u"1\\', took: 1.5, nested: 'x', 'http.method': 'GET' },
    flags: 1,
    traceId,
    spanId,
    eventName: 'payment.failed',
  };
  const resource = (service: string) => ({
    'service.name': service,
    'k8s.namespace.name': 'shop',
    'host.name': 'h1',
  });

  it.each([{}, { encoding: 'json' }, { encoding: 'json', compression: 'none' }])(
    'gives back labels, structured metadata and ids: %j',
    async (options) => {
      const service = `labels-${JSON.stringify(options).replaceAll(/\W/g, '')}`;
      const labels = { static: { job: 'docker' }, severity: true, record: ['http.method'] };
      await send({ ...options, labels }, logsBatch([record], { resource: resource(service) }));
      const [line, ...rest] = await linesOf(service);
      expect(rest).toEqual([]);
      expect(line).toMatchObject({ line: record.body, ns: now });
      expect(line?.labels).toEqual({
        service_name: service,
        k8s_namespace_name: 'shop',
        job: 'docker',
        level: 'error',
        http_method: 'GET',
      });
      expect(line?.metadata).toEqual({
        trace_id: traceId,
        span_id: spanId,
        severity_number: '17',
        severity_text: 'ERROR',
        flags: '1',
        event_name: 'payment.failed',
        observed_timestamp: String(now + 5n),
        http_status: '503',
        // In JSON, Loki keeps the escapes of structured metadata.
        user_id: 'encoding' in options ? 'u\\"1\\\\' : 'u"1\\',
        took: '1.5',
        nested: 'x',
        host_name: 'h1',
        detected_level: 'error',
      });
    },
  );

  it('takes OTLP as it is', async () => {
    await send({ mode: 'otlp' }, logsBatch([record], { resource: resource('otlp') }));
    const [line] = await linesOf('otlp');
    expect(line).toMatchObject({ line: record.body, ns: now, labels: { k8s_namespace_name: 'shop' } });
    expect(line?.metadata).toMatchObject({ trace_id: traceId, span_id: spanId, http_status: '503' });
  });

  it.each([
    ['json', '{"body":{"event":"login","n":1},"attributes":{"user.id":"u 1"}}'],
    ['logfmt', 'event=login n=1 user.id="u 1"'],
    ['raw', '{"event":"login","n":1}'],
  ])('format %s', async (format, expected) => {
    const body = Attributes.from({ event: 'login', n: 1n });
    const batch = logsBatch([{ timeUnixNano: now, body, attributes: { 'user.id': 'u 1' } }], {
      resource: resource(`format-${format}`),
    });
    await send({ format }, batch);
    expect((await linesOf(`format-${format}`)).map(({ line }) => line)).toEqual([expected]);
  });

  it('takes the good lines of a push with lines that are too old, once, and counts the others', async () => {
    const times = [0n, 1n, 800_000n, 900_000n, 2n].map((ago) => now - ago * second);
    const batch = logsBatch(
      times.map((timeUnixNano, i) => ({ timeUnixNano, body: `line ${i}` })),
      { resource: resource('too-old') },
    );
    const [sent] = await send({}, batch);
    expect(sent?.rejected).toBe(2);
    expect(sent?.message).toMatch(/^2 too old: .*timestamp too old/);
    expect((await linesOf('too-old')).map(({ line }) => line)).toEqual(['line 4', 'line 1', 'line 0']);
  });

  it('refuses for good a batch of which nothing is taken, and cuts lines that are too long', async () => {
    const old = logsBatch([{ timeUnixNano: now - 900_000n * second, body: 'a' }], { resource: resource('gone') });
    await expect(send({}, old)).rejects.toMatchObject({ delivery: 'permanent', badData: false });
    const long = logsBatch([{ timeUnixNano: now, body: 'x'.repeat(300_000) }], { resource: resource('long') });
    expect(await send({}, long)).toEqual([undefined]);
    const [line] = await linesOf('long');
    expect(line?.line).toHaveLength(256 * 1024);
    expect(line?.line).toMatch(/\.\.\.\[cut, 300000 bytes in all\]$/);
    await expect(send({ limits: { max_line_size: 0 } }, long)).rejects.toMatchObject({
      message: expect.stringMatching(/^1 with a line that is too long/) as string,
    });
  });

  it('tells out of order from too old', async () => {
    const of = (ago: bigint): Batch =>
      logsBatch(
        [
          { timeUnixNano: now - ago * second, body: `ago ${ago}` },
          { timeUnixNano: now, body: 'now' },
        ],
        {
          resource: resource('order'),
        },
      );
    expect(await send({}, of(0n), of(5n))).toEqual([undefined, undefined]);
    const [sent] = await send({}, of(3n * 3600n));
    expect(sent).toMatchObject({ rejected: 1, message: expect.stringMatching(/^1 out of order/) as string });
  });

  it('is told that a push is too large, and the halves go through', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => ({
      timeUnixNano: now + BigInt(i),
      body: `${i} ${'y'.repeat(100_000)}`,
    }));
    const error: unknown = await send({}, logsBatch(lines, { resource: resource('large') })).catch((e: unknown) => e);
    expect(error).toMatchObject({ delivery: 'permanent', tooLarge: true });
    await send({}, logsBatch(lines.slice(0, 30), { resource: resource('large') }));
    expect(await linesOf('large')).toHaveLength(30);
  });
});
