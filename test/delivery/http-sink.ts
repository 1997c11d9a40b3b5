import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { idsIn } from './records.ts';

/** What a sink does with a request: an answer, or something worse. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Milliseconds before the answer. */
  readonly delay?: number;
  /** Takes over the raw exchange. Nothing else of the answer counts. */
  readonly raw?: (request: IncomingMessage, response: ServerResponse) => void;
}

export interface Arrival {
  readonly ids: readonly number[];
  readonly bytes: Buffer;
}

export interface SinkOptions {
  readonly port?: number;
  /** Default: 200 to everything. */
  readonly answer?: (arrival: Arrival) => Answer;
  /** Told of the records of each request that is answered with 2xx, or that `raw` takes over. */
  readonly taken?: (ids: readonly number[]) => void;
}

/** A destination for OTLP over HTTP that does as it is told. */
export class HttpSink {
  readonly port: number;
  private readonly server: ReturnType<typeof createServer>;
  private readonly sockets = new Set<Socket>();
  answer: (arrival: Arrival) => Answer;
  /** Requests so far. */
  requests = 0;

  private constructor(server: ReturnType<typeof createServer>, port: number, options: SinkOptions) {
    this.server = server;
    this.port = port;
    this.answer = options.answer ?? ((): Answer => ({}));
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.sockets.delete(socket));
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void this.serve(request, response, options).catch(() => response.destroy());
    });
  }

  static async open(options: SinkOptions = {}): Promise<HttpSink> {
    const server = createServer({ keepAliveTimeout: 60_000 }).listen(options.port ?? 0, '127.0.0.1');
    await once(server, 'listening');
    return new HttpSink(server, (server.address() as AddressInfo).port, options);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Goes away at once, with every connection. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse, { taken }: SinkOptions): Promise<void> {
    const bytes = Buffer.concat(await request.toArray());
    const ids = idsIn(bytes);
    this.requests += 1;
    const { status = 200, headers = {}, body = '', delay = 0, raw } = this.answer({ ids, bytes });
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    if (raw !== undefined || (status >= 200 && status < 300)) taken?.(ids);
    if (raw !== undefined) raw(request, response);
    else response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body);
  }
}
