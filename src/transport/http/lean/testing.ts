import type { Socket } from 'node:net';
import { duplexPair, type Duplex } from 'node:stream';
import { systemClock } from '../../../flow/index.ts';
import type { HttpHandler, HttpServerOptions } from '../../../plugin/index.ts';
import { InflightBytes } from '../../inflight.ts';
import { configs, logger } from '../../testing.ts';
import { HttpService } from '../service.ts';
import { HttpConnection } from './connection.ts';
import { limitsOf } from './limits.ts';
import { ResponseWriter } from './response.ts';

/** What a request was understood to be. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** A service that writes down what it is asked, and answers with `METHOD path body`. */
export class Recorder {
  readonly seen: Seen[] = [];
  readonly inflight = new InflightBytes(64 * 1024 * 1024);
  readonly service: HttpService;
  readonly limits: ReturnType<typeof limitsOf>;
  private readonly writer: ResponseWriter;

  constructor(config: object = {}, handler?: HttpHandler) {
    const answer: HttpHandler = async (request) => {
      const { method, path } = request;
      const body = Buffer.from(request.body).toString('latin1');
      this.seen.push({ method, path, body });
      return (await handler?.(request)) ?? { status: 200, body: `${method} ${path} ${body}` };
    };
    const paths = ['/', '/a', '/b', '/c'];
    const options: HttpServerOptions = {
      config: configs.httpServer({ max_request_body_size: 100_000, ...config }),
      routes: paths.flatMap((path) => [
        { method: 'POST', path, handler: answer },
        { method: 'GET', path, handler: answer },
      ]),
    };
    this.service = new HttpService(options, { logger, clock: systemClock, inflight: this.inflight });
    this.limits = limitsOf(options.config);
    this.writer = new ResponseWriter(options.config.idle_timeout);
  }

  connect(): MemoryClient {
    const { service, limits, writer } = this;
    const [ours, theirs] = duplexPair();
    Object.assign(ours, { setNoDelay: () => ours, bytesWritten: 0, destroySoon: () => ours.end(() => ours.destroy()) });
    const connection = new HttpConnection(ours as unknown as Socket, true, { service, limits, writer });
    return new MemoryClient(theirs, connection);
  }
}

/** The other end of a connection in memory. */
export class MemoryClient {
  readonly connection: HttpConnection;
  private readonly stream: Duplex;
  received = '';
  closed = false;

  constructor(stream: Duplex, connection: HttpConnection) {
    this.stream = stream;
    this.connection = connection;
    stream.on('error', () => {});
    stream.on('data', (bytes: Buffer) => {
      this.received += bytes.toString('latin1');
    });
    stream.on('end', () => {
      this.closed = true;
    });
  }

  /** Sends each piece by itself, and lets the connection run after it. */
  async send(...pieces: readonly (string | Buffer)[]): Promise<void> {
    for (const piece of pieces) {
      if (this.stream.writable) this.stream.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
      await settled();
    }
  }

  /** Ends this side; the other may still answer. */
  async end(): Promise<void> {
    this.stream.end();
    await settled();
  }

  get statuses(): number[] {
    return [...this.received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }

  destroy(): void {
    this.connection.cut();
    this.stream.destroy();
  }
}

/** Everything that was set off has happened. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
}
