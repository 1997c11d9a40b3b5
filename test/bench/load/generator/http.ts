import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Payload } from '../data/payload.ts';
import type { Workload } from '../workload.ts';
import { stamp, type Channel, type Message } from './channel.ts';

/** One keep-alive connection for each slot. */
export function httpChannel(port: number, workload: Workload): Channel {
  const { signal, encoding, compression, inFlight } = workload;
  const type = encoding === 'json' ? 'application/json' : 'application/x-protobuf';
  const start = [`POST /v1/${signal} HTTP/1.1`, `Host: 127.0.0.1:${port}`, `Content-Type: ${type}`];
  if (compression !== 'none') start.push(`Content-Encoding: ${compression}`);
  const connections = Array.from({ length: inFlight }, () => new Connection(port));
  return {
    async ready() {
      await Promise.all(connections.map((connection) => connection.ready()));
    },
    message: (payload, slot) => httpMessage(payload, start.join('\r\n'), connections[slot] as Connection),
    async close() {
      for (const connection of connections) connection.close();
    },
  };
}

function httpMessage(payload: Payload, start: string, connection: Connection): Message {
  const { bytes, ids } = payload;
  const head = Buffer.from(`${start}\r\nContent-Length: ${bytes.length}\r\n\r\n`);
  const whole = Buffer.concat([head, bytes]);
  const view = new DataView(whole.buffer, whole.byteOffset, whole.length);
  return {
    payload,
    stamp: (first) => ids !== undefined && stamp(view, head.length, ids, first),
    send: () => connection.send(whole),
  };
}

/** One request at a time, and answers that say their length. */
class Connection {
  private readonly port: number;
  private socket: Socket | undefined;
  private received = '';
  private answer: PromiseWithResolvers<boolean> | undefined;

  constructor(port: number) {
    this.port = port;
  }

  /** Connects where it is not connected. */
  async ready(): Promise<void> {
    if (this.socket?.writable === true) return;
    const socket = connect({ host: '127.0.0.1', port: this.port, noDelay: true });
    this.socket = socket;
    this.received = '';
    await once(socket, 'connect');
    socket.on('data', (chunk: Buffer) => this.onData(chunk));
    socket.on('error', (error) => this.answer?.reject(error));
    socket.on('close', () => this.answer?.reject(new Error('the connection was closed')));
  }

  close(): void {
    this.socket?.destroy();
  }

  send(request: Buffer): Promise<boolean> {
    this.answer = Promise.withResolvers<boolean>();
    this.socket?.write(request);
    return this.answer.promise;
  }

  private onData(chunk: Buffer): void {
    this.received += chunk.toString('latin1');
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.received.slice(0, end))?.[1];
    if (length === undefined) this.answer?.reject(new Error(`an answer without a length: ${this.received}`));
    else if (this.received.length >= end + 4 + Number(length)) {
      const ok = this.received.startsWith('HTTP/1.1 200 ');
      this.received = '';
      this.answer?.resolve(ok);
    }
  }
}
