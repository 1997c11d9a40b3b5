import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { found } from '../../delivery/tools.ts';
import { builtPeer, eventually, freePorts, startProgram, type Program } from '../program.ts';

/** The folder of a real OpenSearch; undefined where this machine has none. `build-opensearch.sh` makes it. */
export const openSearch = found('java') ? builtPeer('opensearch/2.19.6') : undefined;

export interface Hit {
  readonly _id: string;
  readonly _index: string;
  readonly _source: Readonly<Record<string, unknown>>;
}

/** An OpenSearch of one node, on ports and in a folder of its own. */
export class OpenSearch {
  readonly url: string;
  private readonly directory = mkdtempSync(join(tmpdir(), 'sluice-opensearch-'));
  private readonly ports: readonly number[];
  private readonly settings: readonly string[];
  private program: Program | undefined;

  private constructor(ports: readonly number[], settings: readonly string[]) {
    this.ports = ports;
    this.settings = settings;
    this.url = `http://127.0.0.1:${ports[0]}`;
  }

  /** `settings` are those of the node: `http.max_content_length=1mb`. */
  static async start(...settings: readonly string[]): Promise<OpenSearch> {
    const server = new OpenSearch(await freePorts(2), settings);
    await server.startAgain();
    return server;
  }

  /** Starts it on its old ports and data. */
  async startAgain(): Promise<void> {
    const [http, transport] = this.ports.map(String) as [string, string];
    const path = openSearch as string;
    const flags = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', `-Djava.io.tmpdir=${this.directory}`];
    const quiet = ['-Dopensearch.networkaddress.cache.ttl=60', '-Dio.netty.noUnsafe=true', '-Dlog4j2.disable.jmx=true'];
    const main = ['-cp', `${path}:${path}/lib/*`, 'Peer', this.directory, http, transport, 'ERROR', ...this.settings];
    const program = startProgram('java', [...flags, ...quiet, ...main]);
    this.program = program;
    await eventually(
      () => `OpenSearch on port ${http} ready: ${program.output()}`,
      async () => {
        if (program.process.exitCode !== null) throw new Error(`OpenSearch ended: ${program.output()}`);
        const health = await this.ask('GET', '/_cluster/health?wait_for_status=yellow&timeout=20s').catch(() => ({}));
        return ['yellow', 'green'].includes(String((health as { status?: string }).status)) ? true : undefined;
      },
      180_000,
    );
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (signal === 'SIGKILL') this.program?.process.kill('SIGKILL');
    await this.program?.stop();
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Asks its API; what it answers, as JSON. Throws what it refuses. */
  async ask(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(this.url + path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? {} : JSON.parse(text);
  }

  /** All documents of an index or a pattern of them, however many. */
  async *documents(index: string): AsyncGenerator<Hit> {
    await this.ask('POST', `/${index}/_refresh`);
    type Page = { _scroll_id: string; hits: { hits: Hit[] } };
    let page = (await this.ask('POST', `/${index}/_search?scroll=1m`, { size: 5000, sort: ['_doc'] })) as Page;
    while (page.hits.hits.length > 0) {
      yield* page.hits.hits;
      page = (await this.ask('POST', '/_search/scroll', { scroll: '1m', scroll_id: page._scroll_id })) as Page;
    }
  }

  /** Makes every name that begins so a data stream with one shard. */
  async streams(pattern: string, mappings: object = {}): Promise<void> {
    await this.ask('PUT', `/_index_template/${pattern.replaceAll(/[^\w]/g, '')}`, {
      index_patterns: [pattern],
      data_stream: {},
      template: { settings: { number_of_replicas: 0 }, mappings },
    });
  }
}
