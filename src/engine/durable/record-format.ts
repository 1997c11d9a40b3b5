import { crc32 } from 'node:zlib';

/**
 * A record in a segment: 48 bytes of frame, the caller's header, the caller's bytes. Little-endian.
 *
 * |  0 | magic            | 24 | length of the bytes              |
 * |  4 | salt of the segment | 28 | items                         |
 * |  8 | sequence, f64    | 32 | time, ms since the epoch, f64    |
 * | 16 | place in its group | 40 | CRC-32 of header and bytes       |
 * | 20 | length of the header | 44 | CRC-32 of the 44 bytes before |
 *
 * The salt tells a record from what an earlier use of the same file left, and from bytes a sender made up.
 */
export const frameBytes = 48;

/** 'SLR1', looked for after damage. */
export const recordMagic = Buffer.from('SLR1', 'latin1');
const magicNumber = recordMagic.readUInt32LE(0);

export interface Frame {
  readonly salt: number;
  readonly sequence: number;
  /** How many records before it were written and synced together with it: all of them are safe, or none was acknowledged. */
  readonly place: number;
  readonly headerLength: number;
  readonly length: number;
  readonly items: number;
  /** When the record was appended, in milliseconds since the epoch. */
  readonly time: number;
  /** CRC-32 of header and bytes. */
  readonly checksum: number;
}

/** Size of the whole record in its segment. */
export function recordSize(frame: { readonly headerLength: number; readonly length: number }): number {
  return frameBytes + frame.headerLength + frame.length;
}

/** CRC-32 over both parts. */
export function checksumOf(header: Uint8Array, bytes: Uint8Array): number {
  return crc32(bytes, crc32(header));
}

export function writeFrame(target: Buffer, offset: number, frame: Frame): void {
  target.writeUInt32LE(magicNumber, offset);
  target.writeUInt32LE(frame.salt, offset + 4);
  target.writeDoubleLE(frame.sequence, offset + 8);
  target.writeUInt32LE(frame.place, offset + 16);
  target.writeUInt32LE(frame.headerLength, offset + 20);
  target.writeUInt32LE(frame.length, offset + 24);
  target.writeUInt32LE(frame.items, offset + 28);
  target.writeDoubleLE(frame.time, offset + 32);
  target.writeUInt32LE(frame.checksum, offset + 40);
  target.writeUInt32LE(crc32(target.subarray(offset, offset + 44)), offset + 44);
}

/** Undefined where the bytes are no frame or a damaged one. */
export function readFrame(source: Buffer, offset: number): Frame | undefined {
  if (offset + frameBytes > source.length || source.readUInt32LE(offset) !== magicNumber) return undefined;
  if (crc32(source.subarray(offset, offset + 44)) !== source.readUInt32LE(offset + 44)) return undefined;
  return {
    salt: source.readUInt32LE(offset + 4),
    sequence: source.readDoubleLE(offset + 8),
    place: source.readUInt32LE(offset + 16),
    headerLength: source.readUInt32LE(offset + 20),
    length: source.readUInt32LE(offset + 24),
    items: source.readUInt32LE(offset + 28),
    time: source.readDoubleLE(offset + 32),
    checksum: source.readUInt32LE(offset + 40),
  };
}

/**
 * Whether a damaged frame of the record `sequence` stands here, rather than zeros or what an earlier use of the file left:
 * one flipped byte leaves the magic or the sequence as it was.
 */
export function resemblesFrame(source: Buffer, offset: number, sequence: number): boolean {
  if (offset + 16 > source.length) return source.subarray(offset).some((byte) => byte !== 0);
  return source.readUInt32LE(offset) === magicNumber || source.readDoubleLE(offset + 8) === sequence;
}
