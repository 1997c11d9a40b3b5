import type { Batch, Meta, Signal } from '../../wire/index.ts';

/** What is kept on disk about a batch beside its bytes. */
export function writeHeader({ signal, meta }: Batch): Uint8Array {
  const { headers, ...plain } = meta;
  return Buffer.from(JSON.stringify({ signal, meta: plain, ...(headers !== undefined && { headers: [...headers] }) }));
}

export function readHeader(bytes: Uint8Array): { readonly signal: Signal; readonly meta: Meta } {
  const { signal, meta, headers } = JSON.parse(Buffer.from(bytes).toString()) as {
    signal: Signal;
    meta: Meta;
    headers?: [string, readonly string[]][];
  };
  return { signal, meta: headers === undefined ? meta : { ...meta, headers: new Map(headers) } };
}
