import { gzipSync, zstdCompressSync } from 'node:zlib';
import { wireToJson } from '../../../../src/wire/json/index.ts';
import type { Workload } from '../workload.ts';
import { eachId } from './ids.ts';
import { makeRequest, type Order } from './request.ts';

/** A request as it is sent. */
export interface Payload {
  readonly bytes: Buffer;
  /** Where in `bytes` the sequence numbers are; undefined where they are not to be changed. */
  readonly ids: Uint32Array | undefined;
  /** Which of the different requests it is. */
  readonly number: number;
}

/** Different requests of one workload. */
const variety = 8;
/** Requests that cannot be patched are sent again and again: more of them, so that the data varies. */
const fixedVariety = 32;

export interface PayloadOptions extends Pick<Workload, 'signal' | 'count' | 'encoding' | 'compression'> {
  /** `mixed`: every other request is in descending order. */
  readonly order: Order | 'mixed';
}

/** Whether every request gets sequence numbers of its own just before it is sent. */
export function isPatched({ encoding, compression }: Pick<Workload, 'encoding' | 'compression'>): boolean {
  return encoding === 'protobuf' && compression === 'none';
}

export function makePayloads(options: PayloadOptions): Payload[] {
  const patched = isPatched(options);
  return Array.from({ length: patched ? variety : fixedVariety }, (_unused, number) => {
    const order = options.order === 'mixed' ? (['ascending', 'descending'] as const)[number % 2] : options.order;
    const plain = makeRequest({ ...options, order: order ?? 'ascending', number });
    return { number, bytes: encoded(plain, options), ids: patched ? idsOf(plain, options) : undefined };
  });
}

/** A copy whose sequence numbers are its own to change. */
export function copyOf({ bytes, ids, number }: Payload): Payload {
  return { bytes: Buffer.from(bytes), ids, number };
}

function encoded(plain: Uint8Array, { signal, encoding, compression }: PayloadOptions): Buffer {
  const bytes = encoding === 'json' ? wireToJson(signal, plain) : plain;
  if (compression === 'gzip') return gzipSync(bytes);
  return compression === 'zstd' ? zstdCompressSync(bytes) : Buffer.from(bytes);
}

function idsOf(request: Uint8Array, { signal, count }: PayloadOptions): Uint32Array {
  const ids = new Uint32Array(count);
  let index = 0;
  eachId(signal, request, (offset) => (ids[index++] = offset));
  if (index !== count) throw new Error(`a request of ${count} records has ${index} ids`);
  return ids;
}
