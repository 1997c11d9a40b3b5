import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtPeer, eventually, freePorts, startProgram, type Program } from '../program.ts';

/** Lines in one answer to a query: with more than 4 MiB of them, the parts of Loki do not get it from each other. */
const limit = 3000;

/** The real Loki, where it was built. */
export const lokiBinary = builtPeer('loki');

export interface LokiOptions {
  /** Wants to know the tenant of everything. */
  readonly auth?: boolean;
  /** `limits_config`, beside what a test needs. */
  readonly limits?: object;
}

/** A line of a stream, as a query gives it: labels and structured metadata together, and the structured metadata alone. */
export interface Line {
  readonly labels: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly ns: bigint;
  readonly line: string;
}

interface QueryAnswer {
  readonly data: {
    readonly result: readonly {
      readonly stream: Record<string, string>;
      readonly values: readonly [string, string, { structuredMetadata?: Record<string, string> }?][];
    }[];
  };
}

/** A Loki on ports and in a folder of its own. */
export class Loki {
  readonly url: string;
  private readonly folder: string;
  private readonly ports: readonly number[];
  private program: Program | undefined;

  private constructor(ports: readonly number[], options: LokiOptions) {
    this.ports = ports;
    this.url = `http://127.0.0.1:${ports[0]}`;
    this.folder = mkdtempSync(join(tmpdir(), 'sluice-loki-'));
    writeFileSync(join(this.folder, 'loki.yaml'), JSON.stringify(configOf(this.folder, ports, options)));
  }

  static async start(options: LokiOptions = {}): Promise<Loki> {
    const loki = new Loki(await freePorts(2), options);
    await loki.startAgain();
    return loki;
  }

  /** Starts it on its old ports and data. With much to replay, or little of the processor, that takes its time. */
  async startAgain(ms = 240_000): Promise<void> {
    const program = startProgram(lokiBinary as string, [`-config.file=${join(this.folder, 'loki.yaml')}`]);
    this.program = program;
    await eventually(
      () => `Loki on port ${this.ports[0]} ready: ${program.output()}`,
      async () => {
        if (program.process.exitCode !== null) throw new Error(`Loki ended: ${program.output()}`);
        const ready = await fetch(`${this.url}/ready`).catch(() => undefined);
        return ready?.status === 200 ? true : undefined;
      },
      ms,
    );
  }

  get output(): string {
    return this.program?.output() ?? '';
  }

  /** The sum of one of its own metrics. */
  async metric(name: string): Promise<number> {
    const page = await (await fetch(`${this.url}/metrics`)).text();
    const values = page.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
    return values.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  /** Ends it. With `SIGKILL` it has no time for anything. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (signal === 'SIGKILL') this.program?.process.kill('SIGKILL');
    await this.program?.stop();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** All lines of a selector between two times, by as many queries as it takes. Times are in nanoseconds. */
  async *lines(selector: string, from: bigint, to: bigint, tenant?: string): AsyncGenerator<Line> {
    let start = from;
    let before = new Set<string>();
    for (;;) {
      const page = await this.page(selector, start, to, tenant);
      for (const line of page) if (!before.has(`${line.ns} ${line.line}`)) yield line;
      const last = page.at(-1)?.ns;
      if (page.length < limit || last === undefined) return;
      if (last === start) throw new Error(`${limit} lines with one time: a page ends nowhere`);
      // The next page begins with the last time of this one, of which there may be more.
      before = new Set(page.filter(({ ns }) => ns === last).map(({ ns, line }) => `${ns} ${line}`));
      start = last;
    }
  }

  /** An answer as text. A server that has little of the processor may close a connection, so it is asked again. */
  private async get(path: string, headers: Record<string, string>): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(this.url + path, { headers }).catch((error: unknown) => error as Error);
      const text = response instanceof Error ? String(response.cause) : await response.text().catch(String);
      if (!(response instanceof Error) && response.status === 200 && text.trim().endsWith('}')) return text;
      if (attempt === 5) throw new Error(`${path}: ${text.slice(0, 500)}`);
    }
  }

  private async page(selector: string, from: bigint, to: bigint, tenant?: string): Promise<Line[]> {
    const query = new URLSearchParams({
      query: selector,
      start: String(from),
      end: String(to),
      limit: String(limit),
      direction: 'forward',
    });
    const headers: Record<string, string> = {
      'x-loki-response-encoding-flags': 'categorize-labels',
      ...(tenant !== undefined && { 'x-scope-orgid': tenant }),
    };
    const text = await this.get(`/loki/api/v1/query_range?${query.toString()}`, headers);
    const { data } = JSON.parse(text) as QueryAnswer;
    return data.result
      .flatMap(({ stream, values }) =>
        values.map(([ns, line, more]): Line => {
          const metadata = more?.structuredMetadata ?? {};
          return { labels: stream, metadata, ns: BigInt(ns), line };
        }),
      )
      .toSorted((a, b) => (a.ns < b.ns ? -1 : a.ns > b.ns ? 1 : 0));
  }
}

function configOf(folder: string, [http, grpc]: readonly number[], { auth = false, limits }: LokiOptions): object {
  const data = join(folder, 'data');
  mkdirSync(data);
  const local = '127.0.0.1';
  return {
    auth_enabled: auth,
    server: {
      http_listen_address: local,
      http_listen_port: http,
      grpc_listen_address: local,
      grpc_listen_port: grpc,
      log_level: 'warn',
      http_server_write_timeout: '10m',
      http_server_read_timeout: '10m',
    },
    common: {
      path_prefix: data,
      replication_factor: 1,
      instance_addr: local,
      ring: { instance_addr: local, kvstore: { store: 'inmemory' } },
    },
    schema_config: {
      configs: [
        {
          from: '2024-01-01',
          store: 'tsdb',
          object_store: 'filesystem',
          schema: 'v13',
          index: { prefix: 'index_', period: '24h' },
        },
      ],
    },
    storage_config: { filesystem: { directory: join(data, 'chunks') } },
    ingester: { wal: { enabled: true, dir: join(data, 'wal') } },
    limits_config: {
      ingestion_rate_mb: 100,
      ingestion_burst_size_mb: 200,
      max_entries_limit_per_query: limit,
      query_timeout: '10m',
      ...limits,
    },
    frontend: { address: local },
    analytics: { reporting_enabled: false },
  };
}
