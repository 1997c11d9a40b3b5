import { logsBatch } from 'sluice/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { startProduct, type Product } from './product.ts';
import { callGrpc, sendHttp } from './senders.ts';
import { grpcSink, httpSink, type Arrival } from './sink.ts';

/** What authenticators put into the requests of exporters, as a destination sees it. */

const { bytes } = logsBatch([{ body: 'a' }]);
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

interface Way {
  readonly product: Product;
  readonly arrivals: readonly Arrival[];
}

async function way(exporter: string, extensions: Readonly<Record<string, string>>): Promise<Way> {
  const [type, implementation] = exporter.split(' by ');
  const sink = type === 'otlp_http' ? await httpSink() : await grpcSink();
  cleanups.push(() => sink.stop());
  const [id] = Object.keys(extensions);
  const options = [
    `endpoint: '${sink.url}', auth: { authenticator: ${id} }, headers: { X-Configured: '1', X-Gone: '2' }`,
    'retry_on_failure: { initial_interval: 10ms, max_interval: 20ms }',
    ...(implementation === undefined ? [] : [`transport: ${implementation}`]),
  ];
  const product = await startProduct({
    httpOptions: 'include_metadata: true',
    grpcOptions: 'include_metadata: true',
    exporters: { [type as string]: `{ ${options.join(', ')} }` },
    extensions,
  });
  cleanups.push(() => product.stop());
  return { product, arrivals: sink.arrivals };
}

describe.each(['otlp_http', 'otlp_grpc by lean', 'otlp_grpc by grpc_js'])('%s', (exporter) => {
  it('sends the token of bearertokenauth', async () => {
    const { product, arrivals } = await way(exporter, { bearertokenauth: '{ token: s3cret }' });
    expect((await sendHttp(product.http, { body: bytes })).status).toBe(200);
    expect(arrivals[0]?.headers).toMatchObject({ authorization: 'Bearer s3cret', 'x-configured': '1', 'x-gone': '2' });
  });

  it('sends the name and password of basicauth', async () => {
    const config = '{ client_auth: { username: alice, password: s3cret } }';
    const { product, arrivals } = await way(exporter, { basicauth: config });
    expect((await sendHttp(product.http, { body: bytes })).status).toBe(200);
    const authorization = `Basic ${Buffer.from('alice:s3cret').toString('base64')}`;
    expect(arrivals[0]?.headers).toMatchObject({ authorization });
  });

  it('hands on what its sender brought, with headers_setter, and takes away what it shall', async () => {
    const rules = [
      '{ key: X-Scope-OrgID, from_context: X-Tenant, default_value: nobody }',
      '{ key: X-Gone, action: delete }',
      '{ key: X-Configured, action: update, value: changed }',
      '{ key: X-Absent, action: update, value: never }',
    ];
    const extensions = {
      headers_setter: `{ headers: [${rules.join(', ')}], additional_auth: bearertokenauth }`,
      bearertokenauth: '{ token: s3cret }',
    };
    const { product, arrivals } = await way(exporter, extensions);
    expect((await sendHttp(product.http, { headers: { 'x-tenant': 'acme' }, body: bytes })).status).toBe(200);
    expect(await callGrpc(product.grpc, bytes, { metadata: { 'x-tenant': 'globex' } })).toMatchObject({ code: 0 });
    expect((await sendHttp(product.http, { body: bytes })).status).toBe(200);
    expect(arrivals.map(({ headers }) => headers['x-scope-orgid'])).toEqual(['acme', 'globex', 'nobody']);
    for (const { headers } of arrivals) {
      expect(headers).toMatchObject({ 'x-configured': 'changed', authorization: 'Bearer s3cret' });
      expect(headers).not.toHaveProperty('x-gone');
      expect(headers).not.toHaveProperty('x-absent');
    }
    const twice = await sendHttp(product.http, { headers: { 'x-tenant': ['a', 'b'] }, body: bytes });
    expect(twice.status).toBe(400);
  });

  it('sends the token of oauth2client, and keeps the data while there is none', async () => {
    const issuer = await httpSink();
    cleanups.push(() => issuer.stop());
    const token = (name: string) => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ access_token: name, token_type: 'bearer', expires_in: 3600 }),
    });
    issuer.script.push({ status: 503 }, token('one'));
    const config = `{ client_id: me, client_secret: hush, token_url: '${issuer.url}/token', scopes: [write] }`;
    const { product, arrivals } = await way(exporter, { oauth2client: config });
    const answers = await Promise.all(Array.from({ length: 5 }, () => sendHttp(product.http, { body: bytes })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(arrivals.map(({ headers }) => headers['authorization'])).toEqual(arrivals.map(() => 'Bearer one'));
    expect(arrivals).toHaveLength(5);
    expect(issuer.arrivals).toHaveLength(2);
    expect(issuer.arrivals[1]?.body.toString()).toBe('grant_type=client_credentials&scope=write');
  });
});
