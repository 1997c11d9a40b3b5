import type { GrpcClientConfig } from '../../plugin/index.ts';

/** Configured metadata, keys in lower case. Throws an Error that names what gRPC cannot carry, without its value. */
export function fixedMetadata(headers: GrpcClientConfig['headers']): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[0-9A-Za-z_.-]+$/.test(name)) throw new Error(`headers: "${name}" is no valid metadata key`);
    if (!/^[\u0020-\u007e]*$/.test(value.reveal())) {
      throw new Error(`headers: the value of "${name}" holds characters that metadata cannot`);
    }
    metadata.set(name.toLowerCase(), value.reveal());
  }
  return metadata;
}
