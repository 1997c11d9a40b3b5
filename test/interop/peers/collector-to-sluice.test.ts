import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signals, type Batch } from '../../../src/plugin/index.ts';
import { CertificateDirectory, hasOpenssl } from '../../../src/transport/tls/test-certificates.ts';
import { startProduct, type Product } from '../../otlp-rules/product.ts';
import { builtPeer, eventually, freePorts, startProgram, type Program } from '../program.ts';
import { expectOnce, idsIn, isWhole, requests } from './ids.ts';

const collector = builtPeer('otelcol');
const count = 300;

/** Every way from one Collector to Sluice, at the same time; the header `x-way` tells them apart. */
describe.skipIf(collector === undefined || !hasOpenssl)(
  'the Collector sends to Sluice (needs otelcol and openssl)',
  () => {
    const scratch = mkdtempSync(join(tmpdir(), 'sluice-from-collector-'));
    const certificates = new CertificateDirectory();
    const products: Record<string, Product> = {};
    let program: Program;
    const ways = [
      ...['none', 'gzip', 'zstd'].map((compression) => `grpc lean ${compression}`),
      ...['none', 'gzip'].map((compression) => `grpc grpcjs ${compression}`),
      ...['none', 'gzip', 'zstd', 'deflate', 'zlib'].map((compression) => `http lean ${compression}`),
      'json lean gzip',
      ...['grpc', 'http'].flatMap((kind) =>
        ['tls', 'mtls', 'bearer', 'basic'].map((product) => `${kind} ${product} gzip`),
      ),
      'grpc tlsgrpcjs gzip',
      'grpc mtlsgrpcjs gzip',
    ];

    beforeAll(async () => {
      const ca = certificates.authority('ca');
      const server = certificates.sign(ca, 'server', '127.0.0.1');
      const client = certificates.sign(ca, 'client', 'collector');
      const pair = `cert_file: '${server.cert}', key_file: '${server.key}'`;
      const kinds: Readonly<Record<string, string>> = {
        lean: '',
        grpcjs: '',
        tls: `tls: { ${pair} }`,
        mtls: `tls: { ${pair}, client_ca_file: '${ca.cert}' }`,
        tlsgrpcjs: `tls: { ${pair} }`,
        mtlsgrpcjs: `tls: { ${pair}, client_ca_file: '${ca.cert}' }`,
        bearer: `tls: { ${pair} }, auth: { authenticator: bearertokenauth }`,
        basic: `tls: { ${pair} }, auth: { authenticator: basicauth }`,
      };
      const extensions = {
        bearertokenauth: '{ tokens: [other, s3cret] }',
        basicauth: '{ htpasswd: { inline: "alice:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=" } }',
      };
      for (const [name, options] of Object.entries(kinds)) {
        const implementation = `transport: ${name.endsWith('grpcjs') ? 'grpc_js' : 'tcp'}`;
        products[name] = await startProduct({
          httpOptions: `include_metadata: true, ${options}`,
          grpcOptions: `include_metadata: true, ${implementation}, ${options}`,
          extensions,
        });
      }
      const exporters = ways.map((way) => exporterOf(way, { ca: ca.cert, ...client }));
      const [port] = await freePorts(1);
      const config = join(scratch, 'collector.yaml');
      writeFileSync(config, collectorConfig(port as number, exporters));
      program = startProgram(collector as string, ['--config', config]);
      await send(`http://127.0.0.1:${port}`);
    }, 60_000);
    afterAll(async () => {
      await program?.stop();
      await Promise.all(Object.values(products).map((product) => product.stop()));
      certificates.remove();
      rmSync(scratch, { recursive: true });
    });

    function exporterOf(way: string, { ca, cert, key }: { ca: string; cert: string; key: string }): [string, string] {
      const [kind, name, compression] = way.split(' ') as [string, string, string];
      const { grpc, http } = products[name] as Product;
      const secure = !['lean', 'grpcjs'].includes(name);
      const auth = { bearer: 'bearertokenauth', basic: 'basicauth' }[name];
      const files = `ca_file: '${ca}'${name.startsWith('mtls') ? `, cert_file: '${cert}', key_file: '${key}'` : ''}`;
      const options = [
        kind === 'grpc' ? `endpoint: '${grpc}'` : `endpoint: '${secure ? 'https' : 'http'}://${http}'`,
        `compression: ${compression}`,
        `headers: { x-way: '${way}' }`,
        `tls: { ${secure ? files : 'insecure: true'} }`,
        ...(kind === 'json' ? ['encoding: json'] : []),
        ...(auth === undefined ? [] : [`auth: { authenticator: ${auth} }`]),
      ];
      return [`${kind === 'grpc' ? 'otlp' : 'otlphttp'}/${way.replaceAll(' ', '-')}`, `{ ${options.join(', ')} }`];
    }

    const send = async (url: string): Promise<void> => {
      const bodies = requests('c', count);
      for (const signal of signals)
        await eventually(
          () => `the Collector taking ${signal}: ${program.output()}`,
          async () => {
            const request = {
              method: 'POST',
              headers: { 'content-type': 'application/x-protobuf' },
              body: new Uint8Array(bodies[signal]),
            };
            const response = await fetch(`${url}/v1/${signal}`, request).catch(() => undefined);
            return response?.status === 200 ? true : undefined;
          },
          20_000,
        );
    };

    it.each(ways)('%s: every record arrives once', async (way) => {
      const { collected } = products[way.split(' ')[1] as string] as Product;
      const arrived = (): readonly Batch[] => collected.filter(({ meta }) => meta.headers?.get('x-way')?.[0] === way);
      await eventually(
        () => `${way}: ${program.output().slice(-3000)}`,
        () => (isWhole(idsIn(arrived()), count) ? true : undefined),
        20_000,
      );
      expectOnce(idsIn(arrived()), 'c', count);
      if (way.includes('basic')) expect(arrived()[0]?.meta.identity).toBe('alice');
    });
  },
);

function collectorConfig(port: number, exporters: readonly [string, string][]): string {
  const ids = exporters.map(([id]) => id).join(', ');
  const pipeline = `{ receivers: [otlp], exporters: [${ids}] }`;
  return `
receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:${port}' } } } }
exporters:
${exporters.map(([id, options]) => `  ${id}: ${options}`).join('\n')}
extensions:
  bearertokenauth: { token: s3cret }
  basicauth: { client_auth: { username: alice, password: secret } }
service:
  extensions: [bearertokenauth, basicauth]
  telemetry: { metrics: { level: none } }
  pipelines: { logs: ${pipeline}, traces: ${pipeline}, metrics: ${pipeline} }
`;
}
