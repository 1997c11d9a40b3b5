import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { signals } from '../../../src/plugin/index.ts';
import { CertificateDirectory, hasOpenssl } from '../../../src/transport/tls/test-certificates.ts';
import { startProduct, type Product } from '../../otlp-rules/product.ts';
import { sendHttp } from '../../otlp-rules/senders.ts';
import { builtPeer, eventually, freePorts, startProgram, type Program } from '../program.ts';
import { expectOnce, idsByWay, isWhole, requests, type Ids } from './ids.ts';

const collector = builtPeer('otelcol');
const count = 300;

const ways = [
  ...['none', 'gzip', 'zstd'].map((compression) => `lean plain ${compression}`),
  ...['none', 'gzip'].map((compression) => `grpc_js plain ${compression}`),
  ...['none', 'gzip', 'zstd', 'deflate', 'zlib'].map((compression) => `http plain ${compression}`),
  'json plain gzip',
  ...['lean', 'grpc_js', 'http'].flatMap((kind) =>
    ['tls', 'mtls', 'bearer', 'basic'].map((peer) => `${kind} ${peer} gzip`),
  ),
];

/** Every way from one Sluice to one Collector, at the same time; the Collector makes the header `x-way` an attribute. */
describe.skipIf(collector === undefined || !hasOpenssl)(
  'Sluice sends to the Collector (needs otelcol and openssl)',
  () => {
    const scratch = mkdtempSync(join(tmpdir(), 'sluice-to-collector-'));
    const out = join(scratch, 'out.json');
    const certificates = new CertificateDirectory();
    const ports = new Map<string, number>();
    let program: Program;
    let product: Product;
    let arrived: ReadonlyMap<string, Ids> = new Map();

    beforeAll(async () => {
      const ca = certificates.authority('ca');
      const server = certificates.sign(ca, 'server', '127.0.0.1');
      const client = certificates.sign(ca, 'client', 'sluice');
      const pair = `cert_file: '${server.cert}', key_file: '${server.key}'`;
      const receivers: Readonly<Record<string, string>> = {
        plain: '',
        tls: `tls: { ${pair} }`,
        mtls: `tls: { ${pair}, client_ca_file: '${ca.cert}' }`,
        bearer: `tls: { ${pair} }, auth: { authenticator: bearertokenauth }`,
        basic: `tls: { ${pair} }, auth: { authenticator: basicauth }`,
      };
      const free = await freePorts(2 * Object.keys(receivers).length);
      for (const name of Object.keys(receivers))
        for (const kind of ['grpc', 'http']) ports.set(`${kind} ${name}`, free.shift() as number);
      const config = join(scratch, 'collector.yaml');
      writeFileSync(config, collectorConfig(receivers, ports, out));
      program = startProgram(collector as string, ['--config', config]);
      await eventually(
        () => `the Collector ready: ${program.output()}`,
        () => (program.output().includes('Everything is ready') ? true : undefined),
        20_000,
      );
      product = await startProduct({
        exporters: Object.fromEntries(ways.map((way) => exporterOf(way, { ca: ca.cert, ...client }))),
        extensions: {
          bearertokenauth: '{ token: s3cret }',
          basicauth: '{ client_auth: { username: alice, password: secret } }',
        },
      });
      const bodies = requests('s', count);
      for (const signal of signals) {
        const answer = await sendHttp(product.http, { path: `/v1/${signal}`, body: bodies[signal] });
        if (answer.status !== 200) throw new Error(`${signal}: ${answer.status} ${answer.body.toString()}`);
      }
      // A way that is not whole in time is told by its own test.
      const until = Date.now() + 10_000;
      do {
        await new Promise((resolve) => setTimeout(resolve, 200));
        if (existsSync(out)) arrived = idsByWay(out);
      } while (!ways.every((way) => isWhole(arrived.get(way), count)) && Date.now() < until);
    }, 60_000);
    afterAll(async () => {
      await product?.stop();
      await program?.stop();
      certificates.remove();
      rmSync(scratch, { recursive: true });
    });

    function exporterOf(way: string, { ca, cert, key }: { ca: string; cert: string; key: string }): [string, string] {
      const [kind, peer, compression] = way.split(' ') as [string, string, string];
      const grpc = kind === 'lean' || kind === 'grpc_js';
      const address = `127.0.0.1:${ports.get(`${grpc ? 'grpc' : 'http'} ${peer}`)}`;
      const auth = { bearer: 'bearertokenauth', basic: 'basicauth' }[peer];
      const files = `ca_file: '${ca}'${peer === 'mtls' ? `, cert_file: '${cert}', key_file: '${key}'` : ''}`;
      const options = [
        `endpoint: '${grpc ? '' : peer === 'plain' ? 'http://' : 'https://'}${address}'`,
        `compression: ${compression}`,
        `headers: { x-way: '${way}' }`,
        `tls: { ${peer === 'plain' ? 'insecure: true' : files} }`,
        ...(grpc ? [`transport: ${kind}`] : []),
        ...(kind === 'json' ? ['encoding: json'] : []),
        ...(auth === undefined ? [] : [`auth: { authenticator: ${auth} }`]),
      ];
      return [`${grpc ? 'otlp_grpc' : 'otlp_http'}/${way.replaceAll(' ', '-')}`, `{ ${options.join(', ')} }`];
    }

    it.each(ways)('%s: every record arrives once', (way) => {
      expectOnce(arrived.get(way), 's', count);
    });
  },
);

function collectorConfig(
  receivers: Readonly<Record<string, string>>,
  ports: ReadonlyMap<string, number>,
  out: string,
): string {
  const protocol = (kind: string, name: string): string =>
    `${kind}: { endpoint: '127.0.0.1:${ports.get(`${kind} ${name}`)}', include_metadata: true, ${receivers[name]} }`;
  const lines = Object.keys(receivers).map(
    (name) => `  otlp/${name}: { protocols: { ${protocol('grpc', name)}, ${protocol('http', name)} } }`,
  );
  const ids = Object.keys(receivers).map((name) => `otlp/${name}`);
  const pipeline = `{ receivers: [${ids.join(', ')}], processors: [attributes], exporters: [file] }`;
  return `
receivers:
${lines.join('\n')}
processors: { attributes: { actions: [{ key: way, action: insert, from_context: metadata.x-way }] } }
exporters: { file: { path: '${out}', flush_interval: 50ms } }
extensions:
  bearertokenauth: { tokens: [other, s3cret] }
  basicauth: { htpasswd: { inline: 'alice:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=' } }
service:
  extensions: [bearertokenauth, basicauth]
  telemetry: { metrics: { level: none } }
  pipelines: { logs: ${pipeline}, traces: ${pipeline}, metrics: ${pipeline} }
`;
}
