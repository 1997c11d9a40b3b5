import { afterEach, beforeEach } from 'vitest';
import { frameType } from './codes.ts';
import type { Server } from './server.ts';
import { getBlock, headersFrame, RawPeer, startServer } from './testing.ts';

/** A server and one raw client of it, new for every test of the file. Afterwards the server must still serve others. */
export class Target {
  server!: Server;
  address = '';
  peer!: RawPeer;

  constructor() {
    beforeEach(() => this.start({}));
    afterEach(async () => {
      await this.expectServing();
      await this.stop();
    });
  }

  async restart(options: Parameters<typeof startServer>[0]): Promise<void> {
    await this.stop();
    await this.start(options);
  }

  private async start(options: Parameters<typeof startServer>[0]): Promise<void> {
    ({ server: this.server, address: this.address } = await startServer(options));
    this.peer = await RawPeer.client(this.address);
  }

  private async stop(): Promise<void> {
    this.peer.socket.destroy();
    await this.server.close(0);
  }

  private async expectServing(): Promise<void> {
    const other = await RawPeer.client(this.address);
    other.send(headersFrame(1, getBlock));
    const answer = await other.onStream(1, frameType.data);
    other.socket.destroy();
    if (answer?.payload.toString() !== 'ok') throw new Error('the server does not serve others any more');
  }
}
