import { crc32 } from 'node:zlib';
import { StorageError } from './errors.ts';

/**
 * The first block of a segment file: a header from the start, and a seal at 1024 once nothing more is appended. Records
 * follow the block. The file's name is the sequence of its first record, so that losing the block costs nothing.
 */
export const blockBytes = 4096;
const sealOffset = 1024;
const sealBytes = 60;
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
  readonly doubtful: number;
}

export function segmentName(first: number): string {
  return `${digits(first)}.seg`;
}

/**
 * The name of a segment that ends before `limit` whatever its bytes say. After a failed sync the system may show records that
 * the disk does not have; the directory can still be trusted.
 */
export function cutSegmentName(first: number, limit: number): string {
  return `${digits(first)}-${digits(limit)}.seg`;
}

/** Undefined where the file is no segment. The limit is infinite where the name does not tell. */
export function parseSegmentName(name: string): { readonly first: number; readonly limit: number } | undefined {
  const match = /^(\d{16})(?:-(\d{16}))?\.seg$/.exec(name);
  return match ? { first: Number(match[1]), limit: Number(match[2] ?? Infinity) } : undefined;
}

function digits(sequence: number): string {
  return String(sequence).padStart(16, '0');
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
  const bytes = Buffer.alloc(sealBytes);
  sealMagic.copy(bytes, 0);
  bytes.writeDoubleLE(seal.first, 8);
  bytes.writeDoubleLE(seal.limit, 16);
  bytes.writeDoubleLE(seal.end, 24);
  bytes.writeDoubleLE(seal.items, 32);
  bytes.writeDoubleLE(seal.firstTime, 40);
  bytes.writeDoubleLE(seal.doubtful, 48);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 56)), 56);
  return { bytes, position: sealOffset };
}

/** Undefined where there is none, a damaged one, or one of a former use of the file. */
export function decodeSeal(block: Buffer, first: number): Seal | undefined {
  if (block.length < sealOffset + sealBytes) return undefined;
  const bytes = block.subarray(sealOffset, sealOffset + sealBytes);
  if (!bytes.subarray(0, 8).equals(sealMagic) || crc32(bytes.subarray(0, 56)) !== bytes.readUInt32LE(56))
    return undefined;
  if (bytes.readDoubleLE(8) !== first) return undefined;
  return {
    first,
    limit: bytes.readDoubleLE(16),
    end: bytes.readDoubleLE(24),
    items: bytes.readDoubleLE(32),
    firstTime: bytes.readDoubleLE(40),
    doubtful: bytes.readDoubleLE(48),
  };
}
