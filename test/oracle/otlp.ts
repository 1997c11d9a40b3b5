import protobuf from 'protobufjs/minimal.js';
import type { Signal } from '../../src/wire/batch.ts';
import { opentelemetry, type Codec } from './generated/otlp.js';

/** A message as protobufjs has it: camelCase fields, 64-bit integers as `Long`, ids and bytes as Uint8Array. */
export interface Message {
  readonly [field: string]: unknown;
}

const { logs, trace, metrics } = opentelemetry.proto.collector;

const codecs: Readonly<Record<Signal, Codec>> = {
  logs: logs!.v1['ExportLogsServiceRequest']!,
  traces: trace!.v1['ExportTraceServiceRequest']!,
  metrics: metrics!.v1['ExportMetricsServiceRequest']!,
};

/** The bytes that protobufjs writes: fields in ascending order, defaults left out, unknown fields last. */
export function oracleEncode(signal: Signal, request: Message): Uint8Array {
  return new Uint8Array(codecs[signal].encode(request).finish());
}

/** What protobufjs reads, unknown fields (`$unknowns`) included. Throws for what is malformed, text that is not UTF-8 included. */
export function oracleDecode(signal: Signal, bytes: Uint8Array): Message {
  const { discardUnknown } = protobuf.Reader;
  protobuf.Reader.discardUnknown = false;
  try {
    return codecs[signal].decode(new Uint8Array(bytes)) as Message;
  } finally {
    protobuf.Reader.discardUnknown = discardUnknown;
  }
}
