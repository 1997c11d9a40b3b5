import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { wireToJson, type Batch } from 'sluice/plugin';
import type { Config } from './config.ts';

const compress = promisify(zstdCompress);
const newline = Buffer.from('\n');

/**
 * A batch as it stands in the file: OTLP/JSON and a newline, or, for protobuf and everything compressed, the length as four
 * bytes, big-endian, and the message.
 */
export async function messageOf(
  batch: Batch,
  { format, compression }: Pick<Config, 'format' | 'compression'>,
): Promise<Uint8Array> {
  const plain = format === 'json' ? wireToJson(batch.signal, batch.bytes) : batch.bytes;
  if (compression === 'zstd') return framed(await compress(plain));
  return format === 'json' ? Buffer.concat([plain, newline]) : framed(plain);
}

function framed(message: Uint8Array): Uint8Array {
  const all = Buffer.allocUnsafe(4 + message.length);
  all.writeUInt32BE(message.length);
  all.set(message, 4);
  return all;
}
