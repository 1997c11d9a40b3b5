/** The same messages by protobufjs, from the official .proto files: what the tests of this folder are held against. */
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import type { Signal } from '../../batch.ts';
import { signalMessages } from '../../schema.ts';

const folder = fileURLToPath(new URL('../../../../test/oracle/proto/', import.meta.url));
const root = new protobuf.Root();
root.resolvePath = (_, target) => folder + target.split('/').at(-1);
root.loadSync(['logs_service.proto', 'trace_service.proto', 'metrics_service.proto']);

const options = {
  longs: String,
  enums: Number,
  bytes: String,
  arrays: false,
  objects: false,
  defaults: false,
} as const;

function typeOf(signal: Signal): protobuf.Type {
  return root.lookupType(signalMessages[signal].request);
}

/** The request as a plain object: 64-bit integers as strings, enums as numbers, bytes as base64, absent fields absent. */
export function decode(signal: Signal, bytes: Uint8Array): unknown {
  const type = typeOf(signal);
  return type.toObject(type.decode(bytes), options);
}

/** The encoding of such an object. */
export function encode(signal: Signal, request: object): Uint8Array {
  const type = typeOf(signal);
  return type.encode(type.fromObject(request)).finish();
}
