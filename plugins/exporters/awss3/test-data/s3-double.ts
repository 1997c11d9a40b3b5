import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What is asked for; `role` are the credentials of a role, which STS gives. */
export type Operation = 'put' | 'begin' | 'part' | 'complete' | 'abort' | 'list' | 'role';

/** What the double does instead of, or before, what it should. */
export interface Fault {
  readonly status?: number;
  readonly code?: string;
  readonly delayMs?: number;
  /** Does what was asked for, and answers with the fault all the same. */
  readonly done?: boolean;
  /** Answers 200, and the fault in the body, as S3 does when it takes long to complete an upload. */
  readonly inBody?: boolean;
}

interface Upload {
  readonly key: string;
  readonly initiated: Date;
  readonly parts: Map<number, Buffer>;
}

/** A server that takes objects as S3 does, keeps them in memory, and fails as it is told. It knows no credentials. */
export class S3Double {
  readonly objects = new Map<string, Buffer>();
  readonly uploads = new Map<string, Upload>();
  readonly asked: {
    readonly operation: Operation;
    readonly path: string;
    readonly headers: IncomingMessage['headers'];
  }[] = [];
  /** Looked at for each request. */
  fault: (operation: Operation, path: string) => Fault | undefined = () => undefined;
  private readonly server: Server;
  private nextId = 1;

  private constructor() {
    this.server = createServer((request, response) => {
      void this.answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<S3Double> {
    const double = new S3Double();
    double.server.listen(0, '127.0.0.1');
    await once(double.server, 'listening');
    return double;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  count(operation: Operation): number {
    return this.asked.filter((one) => one.operation === operation).length;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://s3');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const operation = operationOf(request.method ?? '', url);
    const path = decodeURIComponent(url.pathname.slice(1));
    this.asked.push({ operation, path, headers: request.headers });
    const fault = this.fault(operation, path);
    if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
    const failed = fault?.status !== undefined || fault?.inBody === true;
    const done = !failed || fault.done === true ? this.do(operation, url, path, Buffer.concat(chunks)) : undefined;
    if (!failed) {
      response.writeHead(done?.status ?? 200, done?.headers ?? {}).end(done?.body ?? '');
      return;
    }
    const code = fault.code ?? 'InternalError';
    const status = fault.inBody === true ? 200 : fault.status;
    response.writeHead(status ?? 500, { 'content-type': 'application/xml' });
    response.end(
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>as told</Message></Error>`,
    );
  }

  private do(
    operation: Operation,
    url: URL,
    path: string,
    body: Buffer,
  ): { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: string } {
    const id = url.searchParams.get('uploadId') ?? '';
    const upload = this.uploads.get(id);
    if (operation === 'put') {
      this.objects.set(path, body);
      return { headers: { etag: '"whole"' } };
    }
    if (operation === 'begin') {
      const uploadId = `upload-${this.nextId++}`;
      this.uploads.set(uploadId, { key: path, initiated: new Date(), parts: new Map() });
      return { body: xml('InitiateMultipartUploadResult', `<UploadId>${uploadId}</UploadId>`) };
    }
    if (operation === 'role') return { body: role };
    if (operation === 'list') return { body: this.listed(url.searchParams.get('prefix') ?? '') };
    if (upload === undefined)
      return { status: 404, body: '<Error><Code>NoSuchUpload</Code><Message>gone</Message></Error>' };
    if (operation === 'part') {
      const number = Number(url.searchParams.get('partNumber'));
      upload.parts.set(number, body);
      return { headers: { etag: `"part-${number}"` } };
    }
    this.uploads.delete(id);
    if (operation === 'abort') return { status: 204 };
    const numbers = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, number]) =>
      Number(number),
    );
    this.objects.set(path, Buffer.concat(numbers.map((number) => upload.parts.get(number) as Buffer)));
    return { body: xml('CompleteMultipartUploadResult', '<ETag></ETag>') };
  }

  private listed(prefix: string): string {
    const uploads = [...this.uploads].map(([id, { key, initiated }]) => {
      const name = key.slice(key.indexOf('/') + 1);
      return name.startsWith(prefix)
        ? `<Upload><Key>${name}</Key><UploadId>${id}</UploadId><Initiated>${initiated.toISOString()}</Initiated></Upload>`
        : '';
    });
    return xml('ListMultipartUploadsResult', uploads.join(''));
  }
}

const role = xml(
  'AssumeRoleResponse',
  `<AssumeRoleResult><Credentials><AccessKeyId>ROLEKEY</AccessKeyId><SecretAccessKey>role</SecretAccessKey>
  <SessionToken>role-token</SessionToken><Expiration>2126-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>`,
);

function operationOf(method: string, url: URL): Operation {
  const { searchParams: query } = url;
  if (method === 'PUT') return query.has('partNumber') ? 'part' : 'put';
  if (method === 'POST' && url.pathname === '/') return 'role';
  if (method === 'POST') return query.has('uploads') ? 'begin' : 'complete';
  return method === 'DELETE' ? 'abort' : 'list';
}

function xml(name: string, inner: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</${name}>`;
}
