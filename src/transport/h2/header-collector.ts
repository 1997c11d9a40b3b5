import { ConnectionError, errorCode, flag, frameType } from './codes.ts';
import type { Limits } from './limits.ts';

/** A header block with the frame flags that matter. */
export interface RawBlock {
  readonly streamId: number;
  readonly endStream: boolean;
  /** The priority fields name the stream itself. */
  readonly dependsOnItself: boolean;
  readonly bytes: Buffer;
}

/** Puts HEADERS and CONTINUATION frames together. A block in one frame is not copied. */
export class HeaderCollector {
  private readonly limits: Limits;
  private open: { readonly block: RawBlock; readonly parts: Buffer[]; length: number } | undefined;
  /** When the open block began, in milliseconds since the epoch. */
  openSince = 0;

  constructor(limits: Limits) {
    this.limits = limits;
  }

  /** Nothing but CONTINUATION of the same stream may come between the frames of a block. */
  check(type: number, streamId: number): void {
    const expected = this.open?.block.streamId;
    if (type === frameType.continuation ? expected === streamId : expected === undefined) return;
    throw new ConnectionError(
      errorCode.protocolError,
      `a frame of type ${type} on stream ${streamId} breaks into a header block`,
    );
  }

  checkSize(length: number): void {
    if ((this.open?.length ?? 0) + length > this.limits.maxHeaderBlockSize) {
      throw new ConnectionError(errorCode.enhanceYourCalm, 'a header block is too large');
    }
  }

  headers(flags: number, streamId: number, payload: Buffer): RawBlock | undefined {
    let at = 0;
    let end = payload.length;
    if ((flags & flag.padded) !== 0) {
      if (end === 0) throw new ConnectionError(errorCode.frameSizeError, 'a padded frame is empty');
      end -= payload[0] as number;
      at = 1;
    }
    let dependsOnItself = false;
    if ((flags & flag.priority) !== 0) {
      if (payload.length - at < 5)
        throw new ConnectionError(errorCode.frameSizeError, 'a HEADERS frame has no room for its priority');
      dependsOnItself = (payload.readUInt32BE(at) & 0x7fff_ffff) === streamId;
      at += 5;
    }
    if (at > end) throw new ConnectionError(errorCode.protocolError, 'the padding is longer than its frame');
    const bytes = payload.subarray(at, end);
    const block = { streamId, endStream: (flags & flag.endStream) !== 0, dependsOnItself, bytes };
    if ((flags & flag.endHeaders) !== 0) return block;
    this.open = { block, parts: [Buffer.from(bytes)], length: bytes.length };
    this.openSince = Date.now();
    return undefined;
  }

  continuation(flags: number, payload: Buffer): RawBlock | undefined {
    const open = this.open as NonNullable<typeof this.open>;
    open.parts.push(Buffer.from(payload));
    open.length += payload.length;
    if ((flags & flag.endHeaders) !== 0) {
      this.open = undefined;
      this.openSince = 0;
      return { ...open.block, bytes: Buffer.concat(open.parts) };
    }
    if (open.parts.length > this.limits.maxContinuations) {
      throw new ConnectionError(errorCode.enhanceYourCalm, 'a header block has too many CONTINUATION frames');
    }
    return undefined;
  }
}
