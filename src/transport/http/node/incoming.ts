import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../../plugin/index.ts';
import { subjectOf } from '../../authenticate.ts';
import { hostPort } from '../../listen/address.ts';
import { GoneError, type Answer, type BodySink, type Incoming } from '../incoming.ts';
import { drain } from './drain.ts';

/** A request that node:http has read the head of. */
export class NodeIncoming implements Incoming {
  readonly method: string;
  readonly target: string;
  readonly length: number | undefined;
  readonly peer: string;
  expecting: boolean;
  private readonly message: IncomingMessage;
  private readonly response: ServerResponse;
  private readonly clock: Clock;
  private stopReading: (() => void) | undefined;
  private readonly late: { cancel(): void } | undefined;

  /** The connection is cut where the answer is not there after `writeTimeout` milliseconds; 0 is never. */
  constructor(
    message: IncomingMessage,
    response: ServerResponse,
    { expecting, clock, writeTimeout }: { expecting: boolean; clock: Clock; writeTimeout: number },
  ) {
    this.message = message;
    this.response = response;
    this.expecting = expecting;
    this.clock = clock;
    this.method = message.method ?? '';
    this.target = message.url ?? '/';
    this.length = announced(message);
    this.peer = peerOf(message);
    if (writeTimeout > 0) this.late = clock.after(writeTimeout, () => this.cut());
    // Without listeners, a connection that breaks would end the process.
    message.on('error', ignore);
    response.on('error', ignore);
  }

  get answered(): boolean {
    return this.response.headersSent || this.response.destroyed;
  }

  header(name: string): string | undefined {
    const value = this.message.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  headers(): ReadonlyMap<string, readonly string[]> {
    const raw = this.message.rawHeaders;
    const map = new Map<string, string[]>();
    for (let i = 0; i + 1 < raw.length; i += 2) {
      const key = (raw[i] as string).toLowerCase();
      const value = raw[i + 1] as string;
      const values = map.get(key);
      if (values === undefined) map.set(key, [value]);
      else values.push(value);
    }
    return map;
  }

  certificateSubject(): string | undefined {
    const socket = this.message.socket as TLSSocket;
    return socket.encrypted && socket.authorized ? subjectOf(socket.getPeerCertificate()) : undefined;
  }

  read(sink: BodySink): void {
    const { message } = this;
    if (this.expecting) {
      this.expecting = false;
      this.response.writeContinue();
    }
    const onData = (chunk: Buffer): void => sink.piece(chunk, true);
    const onEnd = (): void => {
      this.stopReading = undefined;
      message.off('data', onData).off('end', onEnd).off('close', onClose);
      sink.end();
    };
    const onClose = (): void => sink.fail(new GoneError('the sender closed the connection'));
    this.stopReading = () => message.off('data', onData).off('end', onEnd).off('close', onClose);
    message.on('data', onData).on('end', onEnd).on('close', onClose);
  }

  pause(): void {
    this.message.pause();
  }

  resume(): void {
    this.message.resume();
  }

  answer({ status, headers, body, last, allowance }: Answer): void {
    const { message, response } = this;
    const all: Record<string, string | number> = { ...headers };
    if (last) all['connection'] = 'close';
    if (status !== 204 && status !== 304) all['content-length'] = Buffer.byteLength(body);
    response.writeHead(status, all);
    this.late?.cancel();
    this.stopReading?.();
    // Even an empty chunk would be written by itself, which doubles the cost of a request.
    if (body.length === 0) response.end();
    else response.end(body);
    if (!message.complete && this.length !== 0 && !this.expecting) drain(message, allowance, this.clock);
  }

  cut(): void {
    this.late?.cancel();
    this.message.socket.destroy();
  }
}

function ignore(): void {
  // Whoever waits for the body hears of it by `close`.
}

function announced({ headers }: IncomingMessage): number | undefined {
  if (headers['transfer-encoding'] !== undefined) return undefined;
  return Number(headers['content-length'] ?? 0);
}

function peerOf({ socket }: IncomingMessage): string {
  const { remoteAddress, remotePort } = socket;
  return remoteAddress === undefined || remotePort === undefined ? 'unix' : hostPort(remoteAddress, remotePort);
}
