import { batchFromJson, type Batch } from 'sluice/plugin';
import { exporter, operations } from '../testing.ts';

export const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
export const int = (key: string, value: number) => ({ key, value: { intValue: String(value) } });

export const resource = {
  attributes: [
    text('service.name', 'shop'),
    text('service.instance.id', 'i-1'),
    text('deployment.environment', 'production'),
    text('host.name', 'h1'),
    text('host.arch', 'amd64'),
    text('os.type', 'darwin'),
    text('telemetry.sdk.name', 'opentelemetry'),
    text('telemetry.sdk.language', 'go'),
    text('telemetry.sdk.version', '1.21.0'),
  ],
};
export const scope = { name: 'github.com/example', version: '1.0', attributes: [text('scope.attribute', 'x')] };
export const ids = { traceId: '0102030405060708090a0b0c0d0e0f10', spanId: '0102030405060708' };

const meta = { receivedAt: Date.UTC(2026, 0, 2, 3, 4, 5) };
export const batchOf = (signal: Batch['signal'], json: object): Batch =>
  batchFromJson(signal, Buffer.from(JSON.stringify(json)), meta);
export const logs = (...logRecords: readonly object[]): Batch =>
  batchOf('logs', { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords }] }] });
export const spans = (...all: readonly object[]): Batch =>
  batchOf('traces', { resourceSpans: [{ resource, schemaUrl: 'r', scopeSpans: [{ scope, spans: all }] }] });
export const metrics = (...all: readonly object[]): Batch =>
  batchOf('metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: all }] }] });

export const log = {
  timeUnixNano: '1705314600000000001',
  observedTimeUnixNano: '1705314600001000000',
  severityNumber: 9,
  severityText: 'INFO',
  body: { stringValue: 'hello\n"you"' },
  attributes: [text('http.method', 'GET'), int('http.status_code', 200), text('event.name', 'user.login')],
  droppedAttributesCount: 2,
  flags: 1,
  ...ids,
};
export const span = {
  name: 'GET /users',
  kind: 2,
  startTimeUnixNano: '1705314600000000000',
  endTimeUnixNano: '1705314600150000000',
  parentSpanId: '0001020304050607',
  status: { code: 1, message: 'Success' },
  attributes: [text('http.method', 'GET'), text('db.system', 'postgresql'), text('db.query.text', 'SELECT 1')],
  events: [{ name: 'query', timeUnixNano: '1705314600050000000', attributes: [int('rows', 1)] }],
  links: [{ traceId: '100f0e0d0c0b0a090807060504030201', spanId: '0807060504030201', attributes: [text('t', 'f')] }],
  ...ids,
};

/** The documents that a batch becomes, each with the index that it goes to. */
export async function documents(
  mode: string,
  batch: Batch,
): Promise<{ index: unknown; document: Record<string, unknown> }[]> {
  const { send, requests } = await exporter({ mapping: { mode } });
  const sent = await send(batch);
  if (sent !== undefined) throw new Error(`not all became documents: ${sent.refused?.[0]?.error.message}`);
  return requests.flatMap(operations).map(([action, document]) => ({
    index: (action['create'] as Record<string, unknown>)['_index'],
    document,
  }));
}

export const refusals = async (mode: string, batch: Batch): Promise<readonly string[]> =>
  (await (await exporter({ mapping: { mode } })).send(batch))?.refused?.map(({ error }) => error.message) ?? [];

export const otelResource = {
  attributes: Object.fromEntries(resource.attributes.map(({ key, value }) => [key, value.stringValue])),
};
export const otelScope = { name: scope.name, version: '1.0', attributes: { 'scope.attribute': 'x' } };
export const stream = (type: string, dataset: string) => ({ type, dataset, namespace: 'default' });
