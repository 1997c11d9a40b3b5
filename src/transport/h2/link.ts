import type { Socket } from 'node:net';
import { ConnectionError, errorCode, errorName, frameType } from './codes.ts';
import { FloodGuard } from './flood-guard.ts';
import { HpackError } from './hpack/decoder.ts';
import { Keepalive } from './keepalive.ts';
import type { Limits } from './limits.ts';
import { FrameOutput } from './frame-output.ts';
import { withSharedReads } from '../socket/shared-reads.ts';
import { WriteProgress } from '../socket/write-progress.ts';

/** How long a socket may take to send its last bytes. */
const closeGrace = 1000;

/** The life of one socket: bytes in, gathered bytes out, errors, silence, its end. */
export abstract class Link {
  readonly socket: Socket;
  protected readonly limits: Limits;
  protected readonly output: FrameOutput;
  protected readonly guard = new FloodGuard();
  protected readonly openedAt = Date.now();
  protected settingsAcked = false;
  protected readonly keepalive: Keepalive;
  private closedAt = 0;
  private concluded = false;
  private readonly progress: WriteProgress;
  /** No frame is read or written any more. */
  closed = false;

  /** With `shareReads`, a plain socket that nobody has read from is moved to one that reads into a shared buffer. */
  constructor(accepted: Socket, limits: Limits, shareReads = false) {
    const moved = shareReads ? withSharedReads(accepted, (bytes) => this.onData(bytes)) : undefined;
    const socket = moved ?? accepted;
    this.socket = socket;
    this.limits = limits;
    this.output = new FrameOutput(socket);
    this.progress = new WriteProgress(socket, this.output);
    this.keepalive = new Keepalive(limits, (payload) => this.sendPing(payload));
    socket.setNoDelay(true);
    if (moved === undefined) socket.on('data', (chunk: Buffer) => this.onData(chunk)).resume();
    socket.on('drain', () => this.guarded(() => this.drained()));
    socket.on('error', (error) => this.destroy(error));
    socket.on('end', () => this.destroy(new Error('the peer closed the connection')));
    socket.on('close', () => this.destroy(new Error('the connection is closed')));
  }

  /** Takes bytes of the peer. May throw ConnectionError or HpackError. */
  protected abstract received(chunk: Buffer): void;
  /** The socket has room again. */
  protected abstract drained(): void;
  /** Called once, at the end of the connection. */
  protected abstract over(error: Error): void;
  /** Looks for streams that took too long. May throw ConnectionError. */
  protected abstract sweepStreams(now: number): void;
  /** Number of open streams. */
  protected abstract active(): number;
  /** Largest id of the peer's streams that was acted on. */
  protected abstract lastPeerStream(): number;
  /** When the header block that is being read began; 0 where there is none. */
  protected abstract headersSince(): number;

  private onData(chunk: Buffer): void {
    if (this.closed) return;
    this.keepalive.heard();
    try {
      this.received(chunk);
      this.checkOutput();
    } catch (error) {
      this.failWith(error);
    }
  }

  /** Runs what an event set off. Nothing is ever thrown into the event loop. */
  protected guarded(run: () => void): void {
    if (this.closed) return;
    try {
      run();
    } catch (error) {
      this.failWith(error);
    }
  }

  private failWith(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof ConnectionError) this.fail(error);
    else
      this.fail(
        new ConnectionError(
          error instanceof HpackError ? errorCode.compressionError : errorCode.internalError,
          message,
        ),
      );
  }

  /** Ends the connection with GOAWAY. */
  private fail(error: ConnectionError): void {
    if (this.closed) return;
    this.sendGoaway(this.lastPeerStream(), error.code, error.message.slice(0, 100));
    this.end(new Error(`${errorName(error.code)}: ${error.message}`, { cause: error }));
  }

  protected sendGoaway(lastStreamId: number, code: number, debug = ''): void {
    this.output.frame(8 + debug.length, frameType.goaway, 0, 0);
    this.output.uint32(lastStreamId);
    this.output.uint32(code);
    this.output.copy(Buffer.from(debug, 'latin1'));
  }

  protected sendPing(payload: Buffer): void {
    this.output.frame(8, frameType.ping, 0, 0);
    this.output.copy(payload);
  }

  /** Closes after what is written has gone out. What still arrives is discarded. */
  protected end(error: Error): void {
    if (this.closed) return;
    this.closed = true;
    this.closedAt = Date.now();
    this.output.flush();
    this.socket.end();
    this.conclude(error);
  }

  /** Closes at once. */
  destroy(error: Error): void {
    this.closed = true;
    this.socket.destroy();
    this.conclude(error);
  }

  private conclude(error: Error): void {
    if (this.concluded) return;
    this.concluded = true;
    this.over(error);
  }

  /** Looks for what took too long. To be called every `limits.sweepInterval`, until the socket is destroyed. */
  sweep(now: number): void {
    if (this.closed) {
      if (now - this.closedAt >= closeGrace) this.socket.destroy();
      return;
    }
    this.guarded(() => this.sweepOpen(now));
  }

  private sweepOpen(now: number): void {
    const { limits } = this;
    if (!this.settingsAcked && now - this.openedAt > limits.handshakeTimeout) {
      throw new ConnectionError(errorCode.settingsTimeout, 'SETTINGS were not exchanged in time');
    }
    const since = this.headersSince();
    if (since > 0 && now - since > limits.headerTimeout) {
      throw new ConnectionError(errorCode.enhanceYourCalm, 'a header block was not finished in time');
    }
    if (this.progress.waited(now) > limits.writeStall) this.destroy(new Error('the peer does not read'));
    else if (!this.keepalive.check(now, this.active() > 0)) this.destroy(new Error('the peer did not answer a ping'));
    else this.sweepStreams(now);
  }

  /** Bounds what waits for a peer that does not read. */
  private checkOutput(): void {
    if (this.output.pending <= this.limits.maxOutputBytes) return;
    this.destroy(new Error(`the peer does not read: ${this.output.pending} bytes wait for it`));
  }
}
