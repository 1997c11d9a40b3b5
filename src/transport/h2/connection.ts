import type { Socket } from 'node:net';
import { ClosedStreams } from './closed-streams.ts';
import { ConnectionError, errorCode, flag, frameType, maxWindow, smallestMaxFrame } from './codes.ts';
import { FrameReader, type FrameSink } from './frame-reader.ts';
import { HeaderCollector, type RawBlock } from './header-collector.ts';
import { Decoder, type HeaderBlock } from './hpack/decoder.ts';
import { Link } from './link.ts';
import type { Limits } from './limits.ts';
import { ReceiveWindow } from './receive-window.ts';
import { Sender } from './sender.ts';
import { readSettings, settingId, type PeerSettings } from './settings.ts';
import type { Stream } from './stream.ts';

/** An honest receiver updates its windows less often than once in so many bytes. */
const bytesPerUpdate = 2048;

/** What both ends of an HTTP/2 connection do alike: frames, settings, windows, resets. */
export abstract class Connection<S extends Stream> extends Link implements FrameSink {
  protected readonly streams = new Map<number, S>();
  protected readonly sender: Sender;
  protected readonly window: ReceiveWindow;
  protected readonly gone = new ClosedStreams();
  private readonly reader: FrameReader;
  private readonly decoder: Decoder;
  private readonly collector: HeaderCollector;
  private current: S | undefined;
  private dataBytes = 0;
  private sentBefore = 0;
  private settingsSeen = false;

  constructor(socket: Socket, limits: Limits, shareReads = false) {
    super(socket, limits, shareReads);
    this.sender = new Sender(this.output, (stream) => this.sent(stream as S));
    this.window = new ReceiveWindow(limits.connectionWindow);
    this.reader = new FrameReader(this, limits.maxFrameSize);
    this.collector = new HeaderCollector(limits);
    this.decoder = new Decoder({ tableSize: 4096, maxListSize: limits.maxHeaderListSize });
  }

  /** The whole header block of a stream is there. */
  protected abstract headers(raw: RawBlock, block: HeaderBlock): void;
  /** The whole body is there; trailers came with `headers`. */
  protected abstract complete(stream: S): void;
  /** So many bytes of the body came. */
  protected abstract bodyGrew(stream: S, bytes: number): void;
  /** The body is, or will be, larger than the stream may take. */
  protected abstract bodyTooLarge(stream: S): void;
  /** The stream ended before its time; it is forgotten already. `code` is what the peer said, or what we told it. */
  protected abstract aborted(stream: S, code: number, byPeer: boolean): void;
  /** We sent END_STREAM. */
  protected abstract sent(stream: S): void;
  /** Whether the id names a stream that nobody has opened yet. */
  protected abstract idle(streamId: number): boolean;
  /** Whether bytes of the receive window will be released without help of the peer. */
  protected abstract busy(): boolean;
  protected abstract goaway(lastStreamId: number, code: number, debug: string): void;
  protected abstract pinged(): void;
  protected abstract ponged(payload: Buffer): void;
  protected abstract settingsChanged(settings: PeerSettings): void;
  protected abstract readonly peerIsServer: boolean;

  protected override received(chunk: Buffer): void {
    this.reader.push(chunk);
  }

  protected override drained(): void {
    this.sender.resume();
  }

  protected override active(): number {
    return this.streams.size;
  }

  protected override headersSince(): number {
    return this.collector.openSince;
  }

  /** Sends our settings and opens the connection's window. */
  protected sendSettings(settings: readonly (readonly [id: number, value: number])[]): void {
    const { limits, output } = this;
    const all = [
      ...settings,
      [settingId.initialWindowSize, limits.streamWindow],
      [settingId.maxFrameSize, limits.maxFrameSize],
      [settingId.maxHeaderListSize, limits.maxHeaderListSize],
    ] as const;
    output.frame(all.length * 6, frameType.settings, 0, 0);
    const entry = Buffer.alloc(6);
    for (const [id, value] of all) {
      entry.writeUInt16BE(id, 0);
      entry.writeUInt32BE(value, 2);
      output.copy(entry);
    }
    this.widen(0, this.window.grant(true));
  }

  begin(type: number, flags: number, streamId: number, length: number): boolean {
    if (!this.settingsSeen && (type !== frameType.settings || (flags & flag.ack) !== 0)) {
      throw new ConnectionError(errorCode.protocolError, 'the first frame is not SETTINGS');
    }
    this.collector.check(type, streamId);
    if (type > frameType.continuation) {
      this.guard.count('other');
      return false;
    }
    // The larger frame size is announced for the sake of bodies alone.
    if (length > smallestMaxFrame)
      throw new ConnectionError(errorCode.frameSizeError, `a frame of type ${type} has ${length} bytes`);
    if (type === frameType.headers || type === frameType.continuation) this.collector.checkSize(length);
    return true;
  }

  frame(type: number, flags: number, streamId: number, payload: Buffer): void {
    if (type === frameType.headers) this.headersFrame(flags, streamId, payload);
    else if (type === frameType.continuation) this.block(this.collector.continuation(flags, payload));
    else if (type === frameType.windowUpdate) this.windowUpdateFrame(streamId, payload);
    else if (type === frameType.rstStream) this.rstStreamFrame(streamId, payload);
    else if (type === frameType.priority) this.priorityFrame(streamId, payload);
    else if (type === frameType.pushPromise)
      throw new ConnectionError(errorCode.protocolError, 'PUSH_PROMISE is not allowed');
    else if (streamId !== 0)
      throw new ConnectionError(errorCode.protocolError, `a frame of type ${type} is on stream ${streamId}`);
    else if (type === frameType.settings) this.settingsFrame(flags, payload);
    else if (type === frameType.ping) this.pingFrame(flags, payload);
    else this.goawayFrame(payload);
  }

  dataBegin(flags: number, streamId: number, length: number): void {
    if (!this.settingsSeen) throw new ConnectionError(errorCode.protocolError, 'the first frame is not SETTINGS');
    this.collector.check(frameType.data, streamId);
    if (streamId === 0) throw new ConnectionError(errorCode.protocolError, 'DATA is on stream 0');
    if (!this.window.take(length))
      throw new ConnectionError(errorCode.flowControlError, 'the connection window is exceeded');
    const stream = this.streams.get(streamId);
    this.current = undefined;
    this.dataBytes = 0;
    if (stream === undefined || stream.remoteDone) {
      this.window.release(length);
      this.strayData(streamId, stream !== undefined);
      return;
    }
    stream.held += length;
    stream.receiveCredit -= length;
    if (stream.receiveCredit < 0) this.reset(stream, errorCode.flowControlError);
    else this.current = stream;
  }

  private strayData(streamId: number, open: boolean): void {
    if (!open && this.idle(streamId))
      throw new ConnectionError(errorCode.protocolError, `DATA is on idle stream ${streamId}`);
    if (!open && this.gone.wasReset(streamId)) return;
    this.streamError(streamId, errorCode.streamClosed);
  }

  dataPiece(piece: Buffer): void {
    const stream = this.current;
    this.dataBytes += piece.length;
    if (stream?.body === undefined) return;
    const length = stream.body.add(piece);
    if (length <= stream.maxBody && (stream.contentLength < 0 || stream.body.length <= stream.contentLength)) {
      this.bodyGrew(stream, piece.length);
      return;
    }
    this.current = undefined;
    if (length > stream.maxBody) this.bodyTooLarge(stream);
    else this.streamError(stream.id, errorCode.protocolError);
  }

  dataEnd(flags: number): void {
    const stream = this.current;
    this.current = undefined;
    const end = (flags & flag.endStream) !== 0;
    if (this.dataBytes === 0 && !end) this.guard.count('emptyFrame');
    if (stream !== undefined && end) this.endOfBody(stream);
    else if (stream !== undefined && stream.receiveCredit < this.limits.streamWindow / 2) {
      const increment = this.limits.streamWindow - stream.receiveCredit;
      stream.receiveCredit += increment;
      this.widen(stream.id, increment);
    }
    this.openWindow();
  }

  protected endOfBody(stream: S): void {
    stream.remoteDone = true;
    if (stream.body !== undefined && stream.contentLength >= 0 && stream.body.length !== stream.contentLength) {
      this.streamError(stream.id, errorCode.protocolError);
    } else this.complete(stream);
  }

  /** Lets the peer send more, as far as the connection holds less. */
  protected openWindow(): void {
    const busy = this.busy();
    if (!busy && this.window.held > this.limits.maxUnfinishedBytes) this.shed();
    const increment = this.window.grant(busy);
    if (increment > 0) this.widen(0, increment);
  }

  /** The newest unfinished request gives way, for the others to end. The peer may send it again at once. */
  private shed(): void {
    let newest: S | undefined;
    for (const stream of this.streams.values()) if (!stream.remoteDone && stream.held > 0) newest = stream;
    if (newest !== undefined) this.reset(newest, errorCode.refusedStream);
  }

  private widen(streamId: number, increment: number): void {
    if (increment <= 0) return;
    this.output.frame(4, frameType.windowUpdate, 0, streamId);
    this.output.uint32(increment);
  }

  private headersFrame(flags: number, streamId: number, payload: Buffer): void {
    if (streamId === 0) throw new ConnectionError(errorCode.protocolError, 'HEADERS is on stream 0');
    this.block(this.collector.headers(flags, streamId, payload));
  }

  private block(raw: RawBlock | undefined): void {
    if (raw === undefined) return;
    const block = this.decoder.decode(raw.bytes);
    this.headers(raw, block);
  }

  private windowUpdateFrame(streamId: number, payload: Buffer): void {
    if (payload.length !== 4)
      throw new ConnectionError(errorCode.frameSizeError, `WINDOW_UPDATE has ${payload.length} bytes`);
    this.guard.earn('windowUpdate', (this.sender.sentBytes - this.sentBefore) / bytesPerUpdate);
    this.sentBefore = this.sender.sentBytes;
    this.guard.count('windowUpdate');
    const increment = payload.readUInt32BE(0) & maxWindow;
    if (streamId === 0) {
      if (increment === 0) throw new ConnectionError(errorCode.protocolError, 'WINDOW_UPDATE adds 0');
      if (!this.sender.widen(increment))
        throw new ConnectionError(errorCode.flowControlError, 'the connection window overflows');
      return;
    }
    const stream = this.streams.get(streamId);
    if (stream === undefined) {
      if (this.idle(streamId))
        throw new ConnectionError(errorCode.protocolError, `WINDOW_UPDATE is on idle stream ${streamId}`);
      return;
    }
    stream.sendWindow += increment;
    if (increment === 0) this.streamError(streamId, errorCode.protocolError);
    else if (stream.sendWindow > maxWindow) this.streamError(streamId, errorCode.flowControlError);
    else this.sender.pump(stream);
  }

  private rstStreamFrame(streamId: number, payload: Buffer): void {
    if (payload.length !== 4)
      throw new ConnectionError(errorCode.frameSizeError, `RST_STREAM has ${payload.length} bytes`);
    if (streamId === 0 || this.idle(streamId))
      throw new ConnectionError(errorCode.protocolError, `RST_STREAM is on stream ${streamId}`);
    this.guard.count('reset');
    const stream = this.streams.get(streamId);
    if (stream === undefined) return;
    this.forget(stream, false);
    this.aborted(stream, payload.readUInt32BE(0), true);
  }

  private priorityFrame(streamId: number, payload: Buffer): void {
    if (streamId === 0) throw new ConnectionError(errorCode.protocolError, 'PRIORITY is on stream 0');
    this.guard.count('priority');
    if (payload.length !== 5) this.streamError(streamId, errorCode.frameSizeError);
    else if ((payload.readUInt32BE(0) & maxWindow) === streamId) this.streamError(streamId, errorCode.protocolError);
  }

  private settingsFrame(flags: number, payload: Buffer): void {
    this.settingsSeen = true;
    this.guard.count('settings');
    if ((flags & flag.ack) !== 0) {
      if (payload.length !== 0)
        throw new ConnectionError(errorCode.frameSizeError, 'an acknowledgement of SETTINGS has a payload');
      this.settingsAcked = true;
      return;
    }
    const settings = readSettings(payload, this.peerIsServer);
    const { sender } = this;
    if (settings.headerTableSize !== undefined) sender.encoder.limitTable(settings.headerTableSize);
    if (settings.maxFrameSize !== undefined) sender.peerMaxFrame = settings.maxFrameSize;
    this.output.frame(0, frameType.settings, flag.ack, 0);
    if (settings.initialWindowSize !== undefined) this.changeInitialWindow(settings.initialWindowSize);
    this.settingsChanged(settings);
  }

  private changeInitialWindow(size: number): void {
    const change = size - this.sender.initialWindow;
    this.sender.initialWindow = size;
    for (const stream of this.streams.values()) {
      stream.sendWindow += change;
      if (stream.sendWindow > maxWindow)
        throw new ConnectionError(errorCode.flowControlError, 'a stream window overflows');
    }
    this.sender.resume();
  }

  private pingFrame(flags: number, payload: Buffer): void {
    if (payload.length !== 8) throw new ConnectionError(errorCode.frameSizeError, `PING has ${payload.length} bytes`);
    this.guard.count('ping');
    if ((flags & flag.ack) !== 0) {
      this.ponged(payload);
      return;
    }
    this.pinged();
    this.output.frame(8, frameType.ping, flag.ack, 0);
    this.output.copy(payload);
  }

  private goawayFrame(payload: Buffer): void {
    if (payload.length < 8) throw new ConnectionError(errorCode.frameSizeError, `GOAWAY has ${payload.length} bytes`);
    this.guard.count('other');
    this.goaway(payload.readUInt32BE(0) & maxWindow, payload.readUInt32BE(4), payload.toString('latin1', 8, 128));
  }

  /** Resets a stream for a mistake of the peer. Resets that a peer provokes count like those it sends. */
  protected streamError(streamId: number, code: number): void {
    this.guard.count('reset');
    const stream = this.streams.get(streamId);
    if (stream === undefined) this.sendReset(streamId, code);
    else this.reset(stream, code);
  }

  /** Ends an open stream with RST_STREAM. */
  protected reset(stream: S, code: number): void {
    this.sendReset(stream.id, code);
    this.forget(stream, true);
    this.aborted(stream, code, false);
  }

  protected sendReset(streamId: number, code: number): void {
    this.output.frame(4, frameType.rstStream, 0, streamId);
    this.output.uint32(code);
  }

  /** `resetByUs`: frames that are still on their way are to be ignored. */
  protected forget(stream: S, resetByUs: boolean): void {
    this.streams.delete(stream.id);
    this.sender.forget(stream);
    this.gone.add(stream.id, resetByUs);
    if (this.current === stream) this.current = undefined;
  }
}
