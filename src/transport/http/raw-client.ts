import { connect, type Socket } from 'node:net';

/** A client for tests that writes what it likes and hears everything. */
export class RawClient {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  received = '';
  private waiting: (() => void)[] = [];

  constructor(address: string) {
    const [host, port] = address.split(':');
    this.socket = connect(Number(port), host);
    this.socket.on('error', () => {});
    this.socket.on('data', (data: Buffer) => {
      this.received += data.toString('latin1');
      this.wake();
    });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', () => {
        resolve();
        this.wake();
      });
    });
  }

  write(data: string | Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.socket.write(data, () => resolve());
    });
  }

  /** Until the text came in, or the connection closed. */
  async until(text: string): Promise<string> {
    while (!this.received.includes(text) && !this.socket.closed) {
      await new Promise<void>((resolve) => void this.waiting.push(resolve));
    }
    return this.received;
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
