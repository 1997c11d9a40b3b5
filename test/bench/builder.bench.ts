// node --conditions=@sluice/source test/bench/builder.bench.ts: log lines to OTLP bytes, field by field from slices, in us per line.
import { LogsBuilder, sliceOf, type Slice } from '../../src/wire/builder.ts';
import { measure } from './measure.ts';

const line = Buffer.from(
  '203.0.113.77 - frank [10/Oct/2026:13:55:36 -0700] "GET /api/v1/orders/4711?page=3 HTTP/1.1" 200 2326 "https://example.com/start" "Mozilla/5.0 (X11; Linux x86_64)"',
);
const keys = ['client.address', 'user.name', 'http.request.method', 'url.path', 'http.response.status_code'].map(
  sliceOf,
);
const slices = ['203.0.113.77', 'frank', 'GET', '/api/v1/orders/4711', '200'].map((part): Slice => {
  const start = line.indexOf(part);
  return { source: line, start, end: start + part.length };
});
const whole: Slice = { source: line, start: 0, end: line.length };
const texts = Object.fromEntries(
  keys.map(({ source }, i) => [String(source), String(line.subarray(slices[i]!.start, slices[i]!.end))]),
);
const body = String(line);
const fields = {
  timeUnixNano: 1_760_000_000_000_000_000n,
  observedTimeUnixNano: 1_760_000_000_000_000_001n,
  severityNumber: 9,
  severityText: 'INFO',
};
const lines = 1000;

const builder = new LogsBuilder();
measure(`body and 5 attributes from slices, ${line.length} B`, lines, () => {
  builder.resource({ 'service.name': 'bench' });
  for (let i = 0; i < lines; i++) {
    builder.begin(fields).bodyText(whole);
    for (let k = 0; k < keys.length; k++) builder.attributeText(keys[k]!, slices[k]!);
    builder.end();
  }
  return builder.finish({ receivedAt: 0 });
});
measure(`body from a slice, ${line.length} B`, lines, () => {
  for (let i = 0; i < lines; i++) builder.begin(fields).bodyText(whole).end();
  return builder.finish({ receivedAt: 0 });
});
measure('body and 5 attributes from strings', lines, () => {
  for (let i = 0; i < lines; i++) builder.record({ ...fields, body, attributes: texts });
  return builder.finish({ receivedAt: 0 });
});
