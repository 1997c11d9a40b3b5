import { signals, type Signal } from 'sluice/plugin';
import { encodeFrame } from './frame.ts';

/** What a stage file says of the object it will become. */
export interface StageHeader {
  readonly signal: Signal;
  readonly bucket: string;
  /** The key, without its extension: the same however often the object is uploaded. */
  readonly key: string;
  /** When the file was begun, in milliseconds since the epoch. */
  readonly begun: number;
}

/** The beginning of a stage file. The header stands there twice, so that damage to one costs nothing. */
export function encodeHeader(header: StageHeader, salt: number): Buffer {
  const bytes = Buffer.from(JSON.stringify(header));
  const once = [encodeFrame(salt, bytes, 0, header.begun), bytes];
  return Buffer.concat([...once, ...once]);
}

/** Undefined where the bytes are no header. */
export function decodeHeader(bytes: Uint8Array): StageHeader | undefined {
  try {
    const { signal, bucket, key, begun } = JSON.parse(Buffer.from(bytes).toString()) as Partial<StageHeader>;
    if (!signals.includes(signal as Signal) || typeof bucket !== 'string' || typeof key !== 'string') return undefined;
    return { signal: signal as Signal, bucket, key, begun: Number(begun) };
  } catch {
    return undefined;
  }
}

const suffix = '.stage';

/** The name of a stage file, which is unique, and the salt of its frames. */
export function stageName(uuid: string): { readonly name: string; readonly salt: number } {
  return { name: uuid + suffix, salt: saltOf(uuid) };
}

/** The salt of a file by its name; undefined where it is no stage file. */
export function saltOfName(name: string): number | undefined {
  return /^[0-9a-f-]{36}\.stage$/.test(name) ? saltOf(name.slice(0, -suffix.length)) : undefined;
}

function saltOf(uuid: string): number {
  return Number.parseInt(uuid.slice(-8), 16);
}
