import { crc32 } from 'node:zlib';
import { StorageError } from './errors.ts';

/**
 * The first block of a segment file: a header from the start, and a seal at 1024 once nothing more is appended. Records
 * follow the block. The file's name is the sequence of its first record, so that losing the block costs nothing.
 */
export const blockBytes = 4096;
const sealOffset = 1024;
const version = 1;

const headerMagic = Buffer.from('SLUICEQ\0', 'latin1');
const sealMagic = Buffer.from('SLUICES\0', 'latin1');

export interface SegmentHeader {
  /** Sequence of the first record. */
  readonly first: number;
  /** Random; every record of the segment repeats it. */
  readonly salt: number;
}

/** What a segment holds, known without reading it. */
export interface Seal {
  readonly first: number;
  /** The sequence after the last record. */
  readonly limit: number;
  /** Offset after the last record. */
  readonly end: number;
  readonly items: number;
  readonly firstTime: number;
}

export function segmentName(first: number): string {
  return `${String(first).padStart(16, '0')}.seg`;
}

/** The sequence of the first record; undefined where the file is no segment. */
export function firstOfName(name: string): number | undefined {
  const match = /^(\d{16})\.seg$/.exec(name);
  return match ? Number(match[1]) : undefined;
}

/** The whole first block of a new segment: it also wipes the seal that a former use of the file left. */
export function encodeHeader({ first, salt }: SegmentHeader): Buffer {
  const block = Buffer.alloc(blockBytes);
  headerMagic.copy(block, 0);
  block.writeUInt32LE(version, 8);
  block.writeUInt32LE(salt, 12);
  block.writeDoubleLE(first, 16);
  block.writeUInt32LE(crc32(block.subarray(0, 24)), 24);
  return block;
}

/** Undefined where the header is damaged. Throws `newer_format` where a later version wrote it. */
export function decodeHeader(block: Buffer, path: string): SegmentHeader | undefined {
  if (block.length < 28 || !block.subarray(0, 8).equals(headerMagic)) return undefined;
  if (crc32(block.subarray(0, 24)) !== block.readUInt32LE(24)) return undefined;
  const found = block.readUInt32LE(8);
  if (found > version) {
    throw new StorageError('newer_format', `${path}: format version ${found}, and this program reads up to ${version}`);
  }
  return { salt: block.readUInt32LE(12), first: block.readDoubleLE(16) };
}

/** To be written at `position`, in the first block. */
export function encodeSeal(seal: Seal): { readonly bytes: Buffer; readonly position: number } {
  const bytes = Buffer.alloc(52);
  sealMagic.copy(bytes, 0);
  bytes.writeDoubleLE(seal.first, 8);
  bytes.writeDoubleLE(seal.limit, 16);
  bytes.writeDoubleLE(seal.end, 24);
  bytes.writeDoubleLE(seal.items, 32);
  bytes.writeDoubleLE(seal.firstTime, 40);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 48)), 48);
  return { bytes, position: sealOffset };
}

/** Undefined where there is none, a damaged one, or one of a former use of the file. */
export function decodeSeal(block: Buffer, first: number): Seal | undefined {
  if (block.length < sealOffset + 52) return undefined;
  const bytes = block.subarray(sealOffset, sealOffset + 52);
  if (!bytes.subarray(0, 8).equals(sealMagic) || crc32(bytes.subarray(0, 48)) !== bytes.readUInt32LE(48))
    return undefined;
  if (bytes.readDoubleLE(8) !== first) return undefined;
  return {
    first,
    limit: bytes.readDoubleLE(16),
    end: bytes.readDoubleLE(24),
    items: bytes.readDoubleLE(32),
    firstTime: bytes.readDoubleLE(40),
  };
}
