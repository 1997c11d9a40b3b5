import { ConnectionError, errorCode, flag, frameType } from './codes.ts';

/** Where frames go. Bodies come in pieces as they arrive, everything else whole. */
export interface FrameSink {
  /** Set when nothing more is wanted. */
  readonly closed: boolean;
  /** Before the payload of any frame but DATA is read; `false` skips it. May throw ConnectionError. */
  begin(type: number, flags: number, streamId: number, length: number): boolean;
  frame(type: number, flags: number, streamId: number, payload: Buffer): void;
  /** `length` is what flow control counts: the whole payload with its padding. */
  dataBegin(flags: number, streamId: number, length: number): void;
  dataPiece(piece: Buffer): void;
  dataEnd(flags: number, streamId: number): void;
}

const states = { header: 0, padLength: 1, data: 2, padding: 3, whole: 4, skip: 5 } as const;
type State = (typeof states)[keyof typeof states];

/**
 * Cuts a byte stream into frames. Payloads are views of the chunks they came in; only frames that span chunks are joined,
 * DATA never. Throws ConnectionError for a frame over `maxFrameSize` and for impossible padding.
 */
export class FrameReader {
  private readonly sink: FrameSink;
  private readonly maxFrameSize: number;
  private state: State = states.header;
  private readonly header = Buffer.alloc(9);
  private headerLength = 0;
  private length = 0;
  private type = 0;
  private flags = 0;
  private streamId = 0;
  /** Payload bytes still to come, without padding. */
  private left = 0;
  private padding = 0;
  private joined: Buffer | undefined;
  private joinedLength = 0;

  constructor(sink: FrameSink, maxFrameSize: number) {
    this.sink = sink;
    this.maxFrameSize = maxFrameSize;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.sink.closed) {
      if (this.state === states.header) at = this.readHeader(chunk, at);
      else at = this.readPayload(chunk, at);
    }
  }

  private readHeader(chunk: Buffer, at: number): number {
    if (this.headerLength === 0 && chunk.length - at >= 9) {
      this.begin(chunk, at);
      return at + 9;
    }
    const taken = Math.min(9 - this.headerLength, chunk.length - at);
    this.header.set(chunk.subarray(at, at + taken), this.headerLength);
    this.headerLength += taken;
    if (this.headerLength === 9) {
      this.headerLength = 0;
      this.begin(this.header, 0);
    }
    return at + taken;
  }

  private begin(bytes: Buffer, at: number): void {
    const length = ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
    this.length = length;
    this.type = bytes[at + 3] as number;
    this.flags = bytes[at + 4] as number;
    this.streamId = bytes.readUInt32BE(at + 5) & 0x7fff_ffff;
    this.left = length;
    this.padding = 0;
    if (length > this.maxFrameSize)
      throw new ConnectionError(errorCode.frameSizeError, `a frame of ${length} bytes is too large`);
    if (this.type === frameType.data) this.beginData();
    else this.beginOther();
  }

  private beginData(): void {
    this.sink.dataBegin(this.flags, this.streamId, this.length);
    if ((this.flags & flag.padded) !== 0) {
      if (this.length === 0) throw new ConnectionError(errorCode.frameSizeError, 'a padded frame is empty');
      this.state = states.padLength;
    } else if (this.left === 0) this.endData();
    else this.state = states.data;
  }

  private beginOther(): void {
    if (!this.sink.begin(this.type, this.flags, this.streamId, this.length)) {
      this.state = this.left === 0 ? states.header : states.skip;
    } else if (this.left === 0) this.endOther(empty);
    else this.state = states.whole;
  }

  private readPayload(chunk: Buffer, at: number): number {
    if (this.state === states.padLength) return this.readPadLength(chunk, at);
    const end = Math.min(chunk.length, at + (this.state === states.padding ? this.padding : this.left));
    if (this.state === states.whole) return this.readWhole(chunk, at, end);
    if (this.state === states.padding) this.padding -= end - at;
    else {
      this.left -= end - at;
      if (this.state === states.data) this.sink.dataPiece(chunk.subarray(at, end));
    }
    if (this.left === 0) this.afterPart();
    return end;
  }

  private afterPart(): void {
    if (this.state === states.skip) this.state = states.header;
    else if (this.padding > 0) this.state = states.padding;
    else this.endData();
  }

  private readPadLength(chunk: Buffer, at: number): number {
    this.padding = chunk[at] as number;
    this.left = this.length - 1 - this.padding;
    if (this.left < 0) throw new ConnectionError(errorCode.protocolError, 'the padding is longer than its frame');
    if (this.left > 0) this.state = states.data;
    else this.afterPart();
    return at + 1;
  }

  private readWhole(chunk: Buffer, at: number, end: number): number {
    this.left -= end - at;
    if (this.joined === undefined && this.left === 0) {
      this.endOther(chunk.subarray(at, end));
      return end;
    }
    this.join(chunk, at, end);
    if (this.left === 0) {
      const whole = (this.joined as Buffer).subarray(0, this.length);
      this.joined = undefined;
      this.joinedLength = 0;
      this.endOther(whole);
    }
    return end;
  }

  /** The buffer grows with what has come, not with what was announced. */
  private join(chunk: Buffer, at: number, end: number): void {
    const needed = this.joinedLength + end - at;
    if (this.joined === undefined || this.joined.length < needed) {
      const larger = Buffer.allocUnsafeSlow(Math.min(this.length, Math.max(1024, needed * 2)));
      if (this.joined !== undefined) larger.set(this.joined.subarray(0, this.joinedLength));
      this.joined = larger;
    }
    this.joined.set(chunk.subarray(at, end), this.joinedLength);
    this.joinedLength = needed;
  }

  private endData(): void {
    this.state = states.header;
    this.sink.dataEnd(this.flags, this.streamId);
  }

  private endOther(payload: Buffer): void {
    this.state = states.header;
    this.sink.frame(this.type, this.flags, this.streamId, payload);
  }
}

const empty = Buffer.alloc(0);
