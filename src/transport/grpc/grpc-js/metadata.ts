import { Metadata } from '@grpc/grpc-js';
import type { GrpcStatus } from '../../../plugin/index.ts';
import { detailsKey, statusDetails } from '../status-details.ts';

/** Metadata as a component sees it: binary values stay in base64. */
export function metadataMap(metadata: Metadata): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, readonly string[]>();
  for (const [key, values] of Object.entries(metadata.toJSON())) {
    map.set(
      key,
      values.map((value) => (typeof value === 'string' ? value : value.toString('base64'))),
    );
  }
  return map;
}

/** A status as the library sends it. */
export function sendableStatus(status: GrpcStatus): { code: number; details: string; metadata: Metadata } {
  const metadata = new Metadata();
  const details = statusDetails(status);
  if (details !== undefined) metadata.set(detailsKey, Buffer.from(details));
  // The library percent-encodes the text, which throws for half a surrogate pair.
  return { code: status.code, details: status.message.toWellFormed(), metadata };
}
