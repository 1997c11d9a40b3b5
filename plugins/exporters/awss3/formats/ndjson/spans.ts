import { enumValues, jsonShape, type JsonMember, type JsonShape, type RecordScan } from 'sluice/plugin';
import { arrival, attributes, ids, type WriteRecord } from './members.ts';

const [startTime, endTime] = [7, 8];

/** As JSON. */
const kinds = enumValues.SpanKind.map((name) => JSON.stringify(name.replace('SPAN_KIND_', '')));
const codes = enumValues.StatusCode.map((name) => JSON.stringify(name.replace('STATUS_CODE_', '')));

const traceState: JsonMember = { name: 'trace_state', field: 3, as: 'string' };

const status = jsonShape([
  { name: 'status', field: 3, as: 'names', names: codes, always: true },
  { name: 'status_message', field: 2, as: 'string' },
]);
const event = jsonShape(
  [{ name: 'timestamp', field: 1, as: 'time' }, { name: 'name', field: 2, as: 'string' }, attributes],
  3,
);
const link = jsonShape([...ids(1, 2), traceState, attributes], 4);

const rest: JsonShape['members'] = [
  { name: 'end_timestamp', field: endTime, as: 'time' },
  { name: 'duration_ns', field: endTime, as: 'elapsed', since: startTime },
  { name: 'name', field: 5, as: 'string' },
  { name: 'kind', field: 6, as: 'names', names: kinds, signed: true },
  ...ids(1, 2),
  { name: 'parent_span_id', field: 4, as: 'hex' },
  traceState,
  { field: 15, as: 'inside', of: status },
  attributes,
  { name: 'events', field: 11, as: 'objects', of: event },
  { name: 'links', field: 13, as: 'objects', of: link },
];
const timed = jsonShape([{ name: 'timestamp', field: startTime, as: 'time' }, ...rest]);
const untimed = jsonShape(rest);

/** Writes spans. */
export function spanWriter(scan: RecordScan): WriteRecord {
  const { record } = scan;
  return (receivedAt) => {
    const isTimed = scan.readTime(record, startTime);
    if (!isTimed) arrival(scan, receivedAt);
    scan.jsonMembers(isTimed ? timed : untimed, record);
  };
}
