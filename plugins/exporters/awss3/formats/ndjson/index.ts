import { RecordScan, type Batch, type Signal } from 'sluice/plugin';
import type { ObjectFormat } from '../../format.ts';
import { emit, flushBytes } from '../output.ts';
import { logWriter } from './logs.ts';
import type { WriteRecord } from './members.ts';
import { pointWriter } from './points.ts';
import { spanWriter } from './spans.ts';
import { Surroundings } from './surroundings.ts';

const newline = 0x0a;

/** A JSON object a line for each log record, span or data point, with its resource and scope. */
export function ndjson(): ObjectFormat {
  const scan = new RecordScan();
  const surroundings = new Surroundings(scan);
  const writers: Readonly<Record<Signal, WriteRecord>> = {
    logs: logWriter(scan),
    traces: spanWriter(scan),
    metrics: pointWriter(scan),
  };
  const add = (batch: Batch, write: (chunk: Uint8Array) => void): void => {
    const { receivedAt } = batch.meta;
    const writeRecord = writers[batch.signal];
    surroundings.begin();
    scan.begin(batch);
    while (scan.next()) {
      const mark = scan.open();
      writeRecord(receivedAt);
      surroundings.write();
      scan.close(mark);
      scan.byte(newline);
      if (scan.length > flushBytes) emit(scan, write);
    }
    emit(scan, write);
  };
  return {
    extension: 'ndjson',
    contentType: 'application/x-ndjson',
    compressible: true,
    open: (_signal, write) => ({ add: (batch) => add(batch, write), end: () => {} }),
  };
}
