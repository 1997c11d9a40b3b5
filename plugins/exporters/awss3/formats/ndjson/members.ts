import type { JsonMember, RecordScan } from 'sluice/plugin';

/** Writes the members of one record into an object that is open. */
export type WriteRecord = (receivedAt: number) => void;

/** Members that more than one kind of record has. */
export const attributes: JsonMember = { name: 'attributes', as: 'attributes' };

export function ids(traceField: number, spanField: number): JsonMember[] {
  return [
    { name: 'trace_id', field: traceField, as: 'hex' },
    { name: 'span_id', field: spanField, as: 'hex' },
  ];
}

/** The time of a record that has none of its own, in milliseconds. */
export function arrival(scan: RecordScan, timeMs: number): void {
  scan.ascii(`,"timestamp":"${new Date(timeMs).toISOString().replace('Z', '000000Z')}"`);
}
