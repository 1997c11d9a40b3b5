import { enumValues, jsonShape, type JsonMember, type RecordScan } from 'sluice/plugin';
import { arrival, attributes, ids, type WriteRecord } from './members.ts';

const [time, observedTime] = [1, 11];

/** As JSON. */
const levels = enumValues.SeverityNumber.map((name) => JSON.stringify(name.replace('SEVERITY_NUMBER_', '')));

const rest: readonly JsonMember[] = [
  { name: 'severity', field: 3, as: 'string' },
  { name: 'severity', field: 2, as: 'names', names: levels, instead: true },
  { name: 'severity_number', field: 2, as: 'count' },
  { name: 'event_name', field: 12, as: 'string' },
  { name: 'body', field: 5, as: 'value' },
  ...ids(9, 10),
  attributes,
];
const timed = jsonShape([
  { name: 'timestamp', field: time, as: 'time' },
  { name: 'observed_timestamp', field: observedTime, as: 'time' },
  ...rest,
]);
const observed = jsonShape([{ name: 'timestamp', field: observedTime, as: 'time' }, ...rest]);
const untimed = jsonShape(rest);

/** Writes log records. The time of one is that of the event, or else of its observation, or else of its arrival. */
export function logWriter(scan: RecordScan): WriteRecord {
  const { record } = scan;
  return (receivedAt) => {
    if (scan.readTime(record, time)) scan.jsonMembers(timed, record);
    else if (scan.readTime(record, observedTime)) scan.jsonMembers(observed, record);
    else {
      arrival(scan, receivedAt);
      scan.jsonMembers(untimed, record);
    }
  };
}
