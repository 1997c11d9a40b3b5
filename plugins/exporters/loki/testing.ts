import { createRequire } from 'node:module';
import protobuf from 'protobufjs';

/** An entry as a push says it. */
export interface DecodedEntry {
  readonly ns: bigint;
  readonly line: string;
  readonly metadata: readonly (readonly [string, string])[];
}

export interface DecodedStream {
  readonly labels: string;
  readonly entries: readonly DecodedEntry[];
}

// https://github.com/grafana/loki/blob/main/pkg/push/push.proto
const { root } = protobuf.parse(`
  syntax = "proto3";
  message PushRequest { repeated Stream streams = 1; }
  message Stream { string labels = 1; repeated Entry entries = 2; uint64 hash = 3; }
  message Timestamp { int64 seconds = 1; int32 nanos = 2; }
  message Entry { Timestamp timestamp = 1; string line = 2; repeated LabelPair structuredMetadata = 3; }
  message LabelPair { string name = 1; string value = 2; }
`);
const pushRequest = root.lookupType('PushRequest');

interface Wire {
  readonly streams?: readonly {
    readonly labels?: string;
    readonly entries?: readonly {
      readonly timestamp?: { readonly seconds?: string; readonly nanos?: number };
      readonly line?: string;
      readonly structuredMetadata?: readonly { readonly name?: string; readonly value?: string }[];
    }[];
  }[];
}

/** What a push request says, by a decoder that is not ours. */
export function decodePush(bytes: Uint8Array): DecodedStream[] {
  const { streams = [] } = pushRequest.toObject(pushRequest.decode(bytes), { longs: String }) as Wire;
  return streams.map(({ labels = '', entries = [] }) => ({
    labels,
    entries: entries.map(({ timestamp, line = '', structuredMetadata = [] }) => ({
      ns: BigInt(timestamp?.seconds ?? 0) * 1_000_000_000n + BigInt(timestamp?.nanos ?? 0),
      line,
      metadata: structuredMetadata.map(({ name = '', value = '' }): [string, string] => [name, value]),
    })),
  }));
}

/** The body of a request, out of its Snappy block. */
export function unsnappy(bytes: Uint8Array): Uint8Array {
  const require = createRequire(import.meta.url);
  return (require('snappy-wasm') as { decompress_raw(input: Uint8Array): Uint8Array }).decompress_raw(bytes);
}
