import { createRequire } from 'node:module';
import protobuf from 'protobufjs';
import type { Batch } from 'sluice/plugin';
import { fieldsOf, type Field } from './fields.ts';

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

/** What decoded records do not say. */
export interface WrittenScope {
  /** It has a name, or a version, even an empty one. */
  readonly hasName: boolean;
  readonly hasVersion: boolean;
  /** The resource and the scope, encoded. */
  readonly self: string;
  readonly records: WrittenRecord[];
}

export interface WrittenRecord {
  /** It has a time, even 0. */
  readonly hasTime: boolean;
  /** The first value of each key, encoded. */
  readonly values: ReadonlyMap<string, string>;
}

/** The scopes of a batch, one resource after the other. */
export function writtenIn({ bytes }: Batch): WrittenScope[] {
  const hex = (message: Field | undefined): string =>
    message === undefined ? '' : Buffer.from(bytes.subarray(message.start, message.end)).toString('hex');
  const has = (message: Field | undefined, number: number): boolean =>
    message !== undefined && childrenOf(bytes, message, number).length > 0;
  return childrenOf(bytes, { start: 0, end: bytes.length }, 1).flatMap((group) =>
    childrenOf(bytes, group, 2).map((list) => {
      const [scope] = childrenOf(bytes, list, 1);
      return {
        hasName: has(scope, 1),
        hasVersion: has(scope, 2),
        self: `${hex(childrenOf(bytes, group, 1)[0])} ${hex(scope)}`,
        records: childrenOf(bytes, list, 2).map((record) => {
          const pairs = childrenOf(bytes, record, 6).map((pair): [string, string] => [
            Buffer.from(hex(childrenOf(bytes, pair, 1).at(-1)), 'hex').toString(),
            childrenOf(bytes, pair, 2).map(hex).at(-1) ?? 'absent',
          ]);
          return { hasTime: has(record, 1), values: new Map(pairs.toReversed()) };
        }),
      };
    }),
  );
}

/** Whether a resource or scope stands in several pieces. */
export function inPieces({ bytes }: Batch): boolean {
  const groups = childrenOf(bytes, { start: 0, end: bytes.length }, 1);
  return [...groups, ...groups.flatMap((group) => childrenOf(bytes, group, 2))].some(
    (list) => childrenOf(bytes, list, 1).length > 1,
  );
}

function childrenOf(bytes: Uint8Array, { start, end }: Pick<Field, 'start' | 'end'>, number: number): Field[] {
  return [...fieldsOf(bytes, start, end)].filter((field) => field.number === number);
}
