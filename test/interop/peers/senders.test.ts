import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { signals, wireToJson, type Batch } from '../../../src/plugin/index.ts';
import { CertificateDirectory, hasOpenssl, type Signed } from '../../../src/transport/tls/test-certificates.ts';
import { startProduct, type Product, type ProductOptions } from '../../otlp-rules/product.ts';
import { builtPeer } from '../program.ts';
import { expectOnce, idsIn } from './ids.ts';

const run = promisify(execFile);
const products: Product[] = [];
afterEach(async () => {
  await Promise.all(products.splice(0).map((product) => product.stop()));
});

async function receiving(options: ProductOptions = {}): Promise<Product> {
  const product = await startProduct(options);
  products.push(product);
  return product;
}

const certificates = new CertificateDirectory();
let ca: Signed;
let tls = '';
let client: Signed;
beforeAll(() => {
  if (!hasOpenssl) return;
  ca = certificates.authority('ca');
  const server = certificates.sign(ca, 'server', 'localhost');
  client = certificates.sign(ca, 'client', 'sender');
  tls = `cert_file: '${server.cert}', key_file: '${server.key}'`;
});
afterAll(() => certificates.remove());

const count = 500;
const goSdk = builtPeer('go-sdk');
const javaSdk = join(homedir(), '.cache/sluice-peers/java-sdk');
const jars = existsSync(javaSdk) ? readdirSync(javaSdk).filter((name) => name.endsWith('.jar')) : [];

describe.skipIf(goSdk === undefined)('the OpenTelemetry SDK for Go (needs build-go-sdk.sh)', () => {
  it.each(
    ['http/protobuf', 'grpc'].flatMap((protocol) => ['none', 'gzip'].map((compression) => [protocol, compression])),
  )('has every record arrive once over %s with %s', async (protocol, compression) => {
    const { http, grpc, collected } = await receiving();
    await run(goSdk as string, [protocol, `http://${protocol === 'grpc' ? grpc : http}`, 'go', String(count)], {
      env: { OTEL_EXPORTER_OTLP_COMPRESSION: compression },
    });
    expectOnce(idsIn(collected), 'go', count);
  });

  it.skipIf(!hasOpenssl).each(['http/protobuf', 'grpc'])('speaks mTLS over %s', async (protocol) => {
    const server = `tls: { ${tls}, client_ca_file: '${ca.cert}' }`;
    const { http, grpc, collected } = await receiving({ httpOptions: server, grpcOptions: server });
    const address = (protocol === 'grpc' ? grpc : http).replace('127.0.0.1', 'localhost');
    await run(goSdk as string, [protocol, `https://${address}`, 'go', '20'], {
      env: {
        OTEL_EXPORTER_OTLP_CERTIFICATE: ca.cert,
        OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: client.cert,
        OTEL_EXPORTER_OTLP_CLIENT_KEY: client.key,
      },
    });
    expectOnce(idsIn(collected), 'go', 20);
  });
});

describe.skipIf(jars.length === 0)('the OpenTelemetry SDK for Java (needs build-java-sdk.sh)', () => {
  it.each(['http/protobuf', 'grpc'])(
    'has every record arrive once over %s with gzip',
    { timeout: 30_000 },
    async (protocol) => {
      const { http, grpc, collected } = await receiving();
      const classpath = [javaSdk, join(javaSdk, '*')].join(':');
      const address = `http://${protocol === 'grpc' ? grpc : http}`;
      await run('java', [
        '-XX:TieredStopAtLevel=1',
        '-cp',
        classpath,
        'Send',
        protocol,
        address,
        'java',
        String(count),
        'gzip',
      ]);
      expectOnce(idsIn(collected), 'java', count);
    },
  );
});

const telemetrygen = builtPeer('telemetrygen');
describe.skipIf(telemetrygen === undefined)('telemetrygen (needs it in ~/.cache/sluice-peers)', () => {
  const each = 200;
  const workers = 2;
  const totals = { logs: workers * each, traces: 2 * workers * each, metrics: workers * each };
  const send = (signal: keyof typeof totals, options: readonly string[]): Promise<unknown> =>
    run(telemetrygen as string, [
      signal,
      `--${signal}`,
      String(each),
      '--workers',
      String(workers),
      '--rate',
      '0',
      ...options,
    ]);

  it.each(['grpc', 'http'] as const)('has every log, span and data point arrive once over %s', async (protocol) => {
    const product = await receiving();
    const options = [
      '--otlp-insecure',
      '--otlp-endpoint',
      product[protocol],
      ...(protocol === 'http' ? ['--otlp-http'] : []),
    ];
    for (const signal of signals) {
      const path = protocol === 'http' ? ['--otlp-http-url-path', `/v1/${signal}`] : [];
      await send(signal, [...options, ...path]);
      expect([signal, total(product.collected, signal)]).toEqual([signal, totals[signal]]);
    }
    const spans = product.collected.filter(({ signal }) => signal === 'traces').flatMap((batch) => spanIdsIn(batch));
    expect(new Set(spans).size).toBe(totals.traces);
  });

  it.skipIf(!hasOpenssl).each(['grpc', 'http'] as const)(
    'speaks mTLS over %s, and is let in by a token',
    async (protocol) => {
      const server = `tls: { ${tls}, client_ca_file: '${ca.cert}' }, auth: { authenticator: bearertokenauth }`;
      const product = await receiving({
        httpOptions: server,
        grpcOptions: server,
        extensions: { bearertokenauth: '{ token: s3cret }' },
      });
      const options = ['--otlp-endpoint', product[protocol].replace('127.0.0.1', 'localhost'), '--mtls'];
      options.push('--ca-cert', ca.cert, '--client-cert', client.cert, '--client-key', client.key);
      if (protocol === 'http') options.push('--otlp-http');
      await send('logs', [...options, '--otlp-header', 'authorization="Bearer s3cret"']);
      expect(total(product.collected, 'logs')).toBe(totals.logs);
      // It may end well although it was refused.
      await send('logs', [...options, '--otlp-header', 'authorization="Bearer wrong"']).catch(() => {});
      expect(total(product.collected, 'logs')).toBe(totals.logs);
    },
  );
});

function total(batches: readonly Batch[], wanted: Batch['signal']): number {
  return batches.filter(({ signal }) => signal === wanted).reduce((sum, { count: records }) => sum + records, 0);
}

function spanIdsIn({ signal, bytes }: Batch): string[] {
  return [
    ...Buffer.from(wireToJson(signal, bytes))
      .toString()
      .matchAll(/"spanId":"([0-9a-f]{16})"/g),
  ].map(([, id]) => id as string);
}
