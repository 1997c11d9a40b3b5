import { defineExporter, z, type Batch } from 'sluice/plugin';
import { distribution } from '../../plugins/index.ts';
import { createRegistry, loadConfig } from '../../src/config/index.ts';
import { Service } from '../../src/engine/index.ts';
import { createTransport } from '../../src/transport/index.ts';
import { freePorts } from '../interop/program.ts';

/** The whole product in this process, over real sockets. */
export interface Product {
  /** `127.0.0.1:port` of the gRPC receiver, and of the HTTP receiver. */
  readonly grpc: string;
  readonly http: string;
  /** What came to the exporter `collect`. */
  readonly collected: readonly Batch[];
  /** The sum of a counter over all its labels. */
  count(name: string): number;
  stop(): Promise<void>;
}

export interface ProductOptions {
  /** More options of the receivers, as flow YAML without braces: `auth: { authenticator: a }`. */
  readonly grpcOptions?: string;
  readonly httpOptions?: string;
  /** What speaks HTTP in the receiver. */
  readonly httpTransport?: 'lean' | 'node';
  /** Exporters as YAML, one a line with its options; `collect` where it is left out. */
  readonly exporters?: Readonly<Record<string, string>>;
  readonly extensions?: Readonly<Record<string, string>>;
}

const collected = new Map<string, Batch[]>();

/** Keeps what it gets, in this process. */
const collect = defineExporter({
  type: 'collect',
  summary: 'Keeps what it gets.',
  delivery: 'direct',
  signals: ['logs', 'traces', 'metrics'],
  config: z.strictObject({ into: z.string().describe('Under which name.') }),
  start: ({ into }) => ({
    async send(batch) {
      collected.get(into)?.push(batch);
    },
  }),
});

let products = 0;

/** Starts receivers for OTLP by gRPC and HTTP, and pipelines of all signals from them to the exporters. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const [grpc, http] = (await freePorts(2)).map((port) => `127.0.0.1:${port}`) as [string, string];
  const into = `product ${++products}`;
  collected.set(into, []);
  const service = new Service({
    configuration: configurationOf(yamlOf(options, grpc, http, into)),
    createTransport,
    writeLog: () => {},
  });
  await service.start();
  return {
    grpc,
    http,
    collected: collected.get(into) ?? [],
    count: (name) =>
      service
        .metrics()
        .filter((family) => family.name === name)
        .flatMap(({ samples }) => samples)
        .reduce((sum, { value }) => sum + value, 0),
    stop: () => service.stop(0),
  };
}

function yamlOf(options: ProductOptions, grpc: string, http: string, into: string): string {
  const { grpcOptions = '', httpOptions = '', httpTransport = 'lean', extensions = {} } = options;
  const exporters = options.exporters ?? { collect: `{ into: ${into} }` };
  const lines = (components: Readonly<Record<string, string>>): string =>
    Object.entries(components)
      .map(([id, config]) => `  ${id}: ${config}\n`)
      .join('');
  const ids = (components: object): string => `[${Object.keys(components).join(', ')}]`;
  const pipeline = `{ receivers: [otlp], exporters: ${ids(exporters)} }`;
  return `
receivers:
  otlp:
    protocols:
      grpc: { endpoint: '${grpc}', ${grpcOptions} }
      http: { endpoint: '${http}', transport: ${httpTransport}, ${httpOptions} }
exporters:
${lines(exporters)}
${Object.keys(extensions).length > 0 ? `extensions:\n${lines(extensions)}` : ''}
service:
  extensions: ${ids(extensions)}
  telemetry: { metrics: { level: none } }
  pipelines: { logs: ${pipeline}, traces: ${pipeline}, metrics: ${pipeline} }
`;
}

function configurationOf(yaml: string): ConstructorParameters<typeof Service>[0]['configuration'] {
  const registry = createRegistry([...distribution, collect]);
  const environment = { env: {}, readFile: () => '' };
  const { configuration, diagnostics } = loadConfig([{ name: 'product.yaml', text: yaml }], registry, environment);
  if (configuration === undefined) throw new Error(JSON.stringify(diagnostics, undefined, 2));
  return configuration;
}
