import { crc32 } from 'node:zlib';

/**
 * A record in a stage file: 32 bytes of frame, then its bytes. Little-endian.
 *
 * |  0 | magic `SLS1`         | 16 | time of arrival, ms, f64     |
 * |  4 | salt of the file     | 24 | CRC-32 of the bytes          |
 * |  8 | length of the bytes  | 28 | CRC-32 of the 28 bytes before |
 * | 12 | count of records     |    |                              |
 *
 * The salt tells a frame from bytes that a sender made up.
 */
export const frameBytes = 32;

/** Looked for after damage. */
export const magic = Buffer.from('SLS1', 'latin1');
const magicNumber = magic.readUInt32LE(0);

export interface Frame {
  readonly length: number;
  readonly count: number;
  /** In milliseconds since the epoch. */
  readonly receivedAt: number;
  /** CRC-32 of the bytes. */
  readonly checksum: number;
}

export function encodeFrame(salt: number, bytes: Uint8Array, count: number, receivedAt: number): Buffer {
  const frame = Buffer.allocUnsafe(frameBytes);
  frame.writeUInt32LE(magicNumber, 0);
  frame.writeUInt32LE(salt, 4);
  frame.writeUInt32LE(bytes.length, 8);
  frame.writeUInt32LE(count, 12);
  frame.writeDoubleLE(receivedAt, 16);
  frame.writeUInt32LE(crc32(bytes), 24);
  frame.writeUInt32LE(crc32(frame.subarray(0, 28)), 28);
  return frame;
}

/** Undefined where the bytes are no frame of this file, or a damaged one. */
export function decodeFrame(source: Buffer, salt: number, at = 0): Frame | undefined {
  if (at + frameBytes > source.length || source.readUInt32LE(at) !== magicNumber) return undefined;
  if (source.readUInt32LE(at + 4) !== salt) return undefined;
  if (crc32(source.subarray(at, at + 28)) !== source.readUInt32LE(at + 28)) return undefined;
  return {
    length: source.readUInt32LE(at + 8),
    count: source.readUInt32LE(at + 12),
    receivedAt: source.readDoubleLE(at + 16),
    checksum: source.readUInt32LE(at + 24),
  };
}
