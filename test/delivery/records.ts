import { LogsBuilder } from '../../src/wire/index.ts';

/**
 * Log records that carry a number, and a text that follows from it, so that whoever meets one can tell which it is and
 * whether it is whole. They are found in any encoding of a request that leaves text as it is, without our own decoder.
 */
const pattern = /id=(\d{12}) ([0-9a-f]+);/g;

/** An OTLP request of one log record for each id; a body has about `size` bytes, 64 at least. */
export function requestOf(ids: readonly number[], size = 64): Buffer {
  const builder = new LogsBuilder();
  builder.resource([['service.name', 'oracle']]).scope('delivery');
  for (const id of ids) builder.record({ body: bodyOf(id, size) });
  return Buffer.from(builder.finish({ receivedAt: 0 }).bytes);
}

/** The ids in a request, in order. Throws where there are none, or a text does not follow from its id. */
export function idsIn(bytes: Uint8Array): number[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const ids = [...text.matchAll(pattern)].map(([whole, digits, derived]) => {
    const id = Number(digits);
    if (derived !== derivedOf(id, whole.length)) throw new Error(`record ${id} arrived with another text`);
    return id;
  });
  if (ids.length === 0) throw new Error(`a request of ${bytes.length} bytes arrived without a record`);
  return ids;
}

/** The text of a record: its id, and hex digits that follow from it. */
export function bodyOf(id: number, size: number): string {
  return `id=${String(id).padStart(12, '0')} ${derivedOf(id, Math.max(size, 64))};`;
}

/** Hex digits that fill a body up to its length. */
function derivedOf(id: number, length: number): string {
  const seed = (Math.imul(id + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return seed.repeat(Math.ceil((length - 17) / 8)).slice(0, length - 17);
}
