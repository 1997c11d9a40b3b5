import type { Batch, Signal } from '../batch.ts';
import {
  readExportLogsServiceRequest,
  readExportMetricsServiceRequest,
  readExportTraceServiceRequest,
} from './generated/decoders.ts';
import { Reader } from './reader.ts';
import { Decoded } from './records.ts';

type Decoders = { readonly [S in Signal]: (r: Reader, into: Decoded<S>) => void };

const decoders: Decoders = {
  logs: readExportLogsServiceRequest,
  traces: readExportTraceServiceRequest,
  metrics: readExportMetricsServiceRequest,
};

/**
 * The records of a batch as objects that may be changed; the batch stays as it is. Fields may come in any order, and what
 * this release does not know is kept. Throws MalformedError where the bytes are no request of the signal, and for nothing
 * else: it never reads beyond them, and what it allocates is bounded by their number.
 */
export function decode<S extends Signal>(batch: Pick<Batch<S>, 'signal' | 'bytes'>): Decoded<S> {
  const tree = new Decoded(batch.signal);
  decoders[batch.signal](new Reader(batch.bytes), tree);
  return tree;
}
