import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers a request for an object in place of the server; false leaves it to the server. */
export type Fault = (key: string, response: ServerResponse, attempt: number) => boolean;

/** As much of S3 as the receiver asks for, with two keys a page, on the loopback interface. */
export class S3Server {
  readonly objects = new Map<string, Uint8Array>();
  /** Keys and prefixes that were asked for, in order. */
  readonly gets: string[] = [];
  readonly lists: string[] = [];
  onGet: Fault = () => false;
  onList: Fault = () => false;
  private readonly server = createServer((request, response) => this.answer(request, response));
  private readonly attempts = new Map<string, number>();

  static async start(): Promise<S3Server> {
    const s3 = new S3Server();
    await new Promise<void>((resolve) => s3.server.listen(0, '127.0.0.1', resolve));
    return s3;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', this.url);
    const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'));
    if (url.searchParams.get('list-type') === '2') this.list(url.searchParams, response);
    else this.get(key, response);
  }

  private list(query: URLSearchParams, response: ServerResponse): void {
    const prefix = query.get('prefix') ?? '';
    this.lists.push(prefix);
    if (this.onList(prefix, response, this.count(`list ${prefix}`))) return;
    const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, 2);
    const contents = page.map(
      (key) => `<Contents><Key>${key}</Key><ETag>"${key.length}"</ETag><Size>1</Size></Contents>`,
    );
    const more = keys.length > page.length;
    const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
    response.setHeader('content-type', 'application/xml');
    response.end(`<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`);
  }

  private get(key: string, response: ServerResponse): void {
    this.gets.push(key);
    if (this.onGet(key, response, this.count(key))) return;
    const body = this.objects.get(key);
    if (body === undefined) refuse(response, 404, 'NoSuchKey');
    else response.end(body);
  }

  private count(what: string): number {
    const attempt = (this.attempts.get(what) ?? 0) + 1;
    this.attempts.set(what, attempt);
    return attempt;
  }
}

export function refuse(response: ServerResponse, status: number, code: string): true {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<Error><Code>${code}</Code><Message>${code} it is</Message></Error>`);
  return true;
}
