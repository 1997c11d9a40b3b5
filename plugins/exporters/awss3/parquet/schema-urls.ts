import { resourcesOf, scopesOf, type Batch, type Range } from 'sluice/plugin';

/** What a scope and its resource say of their schemas; empty where they say nothing. */
export interface SchemaUrls {
  readonly resource: string;
  readonly scope: string;
}

const schemaUrl = 3;

/** Of each scope of a batch, in order. */
export function schemaUrlsOf(batch: Batch): SchemaUrls[] {
  const urls: SchemaUrls[] = [];
  for (const resource of resourcesOf(batch)) {
    const ofResource = lastText(batch.bytes, resource, schemaUrl);
    for (const scope of scopesOf(batch, resource))
      urls.push({ resource: ofResource, scope: lastText(batch.bytes, scope, schemaUrl) });
  }
  return urls;
}

/** The last value of a text field; empty where there is none. The structure was checked before. */
function lastText(bytes: Uint8Array, { start, end }: Range, field: number): string {
  let [from, to] = [0, 0];
  for (let at = start; at < end;) {
    const tag = varint(bytes, at);
    at = varintEnd(bytes, at);
    const wireType = tag & 7;
    if (wireType === 0) at = varintEnd(bytes, at);
    else if (wireType === 1) at += 8;
    else if (wireType === 5) at += 4;
    else {
      const length = varint(bytes, at);
      at = varintEnd(bytes, at);
      if (tag === field * 8 + 2) [from, to] = [at, at + length];
      at += length;
    }
  }
  return from === to ? '' : Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString();
}

function varint(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let i = at, scale = 1; ; i++, scale *= 128) {
    const byte = bytes[i] as number;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
  }
}

function varintEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  while ((bytes[end] as number) > 0x7f) end++;
  return end + 1;
}
