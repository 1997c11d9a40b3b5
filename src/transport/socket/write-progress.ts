import type { Socket } from 'node:net';
import type { Output } from './output.ts';

/** Tells since when a peer has not taken anything of what waits for it. */
export class WriteProgress {
  private readonly socket: Socket;
  private readonly output: Output;
  private bytes = 0;
  private at = Date.now();

  constructor(socket: Socket, output: Output) {
    this.socket = socket;
    this.output = output;
  }

  /** Milliseconds without progress as of `now`; 0 where nothing waits. To be asked now and then. */
  waited(now: number): number {
    const { socket, output } = this;
    const bytes = socket.bytesWritten - socket.writableLength;
    if (output.pending === 0 || bytes !== this.bytes) {
      this.bytes = bytes;
      this.at = now;
    }
    return now - this.at;
  }
}
