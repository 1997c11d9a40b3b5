import type { Batch, Meta, Signal } from '../batch.ts';
import {
  writeExportLogsServiceRequest,
  writeExportMetricsServiceRequest,
  writeExportTraceServiceRequest,
} from './generated/encoders.ts';
import { metricData, type Decoded, type Metric } from './records.ts';
import { Writer } from './writer.ts';

type Encoders = { readonly [S in Signal]: (w: Writer, from: Decoded<S>) => void };

const encoders: Encoders = {
  logs: writeExportLogsServiceRequest,
  traces: writeExportTraceServiceRequest,
  metrics: writeExportMetricsServiceRequest,
};

/**
 * The batch of a tree: fields in ascending order, defaults left out, unknown fields behind the known ones. Throws TypeError or
 * RangeError for a value that OTLP cannot express: a plain object as an attribute, an id that is not hex, an int beyond 64 bits.
 */
export function encode<S extends Signal>(tree: Decoded<S>, meta: Meta): Batch<S> {
  return { signal: tree.signal, bytes: encodeBytes(tree), count: countRecords(tree), meta };
}

export function encodeBytes<S extends Signal>(tree: Decoded<S>): Uint8Array {
  const w = new Writer();
  encoders[tree.signal](w, tree);
  return w.finish();
}

/** How many log records, spans or data points a tree has. */
export function countRecords(tree: Decoded): number {
  let count = 0;
  for (const { scopes } of tree.resources) {
    for (const { records } of scopes) {
      if (tree.signal !== 'metrics') count += records.length;
      else for (const metric of records as Metric[]) count += metricData(metric)?.dataPoints.length ?? 0;
    }
  }
  return count;
}
