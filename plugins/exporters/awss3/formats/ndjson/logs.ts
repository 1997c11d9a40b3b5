import { enumValues, jsonName } from 'sluice/plugin';
import { arrival, attributesOf, ids, string, time, type WriteRecord } from './members.ts';

const timestamp = jsonName('timestamp');
const observed = jsonName('observed_timestamp');
const severity = jsonName('severity');
const severityNumber = jsonName('severity_number');
const eventName = jsonName('event_name');
const body = jsonName('body');

/** As JSON. */
const levels = enumValues.SeverityNumber.map((name) => Buffer.from(`"${name.replace('SEVERITY_NUMBER_', '')}"`));

/** A log record. Its time is that of the event, or else of its observation, or else of its arrival. */
export const writeLog: WriteRecord = (scan, receivedAt) => {
  const { record } = scan;
  if (time(scan, record, 1, timestamp)) time(scan, record, 11, observed);
  else if (!time(scan, record, 11, timestamp)) arrival(scan, timestamp, receivedAt);
  const level = scan.varint(record, 2);
  if (record.has(3) && record.end(3) > record.start(3)) string(scan, record, 3, severity);
  else if (level > 0) {
    scan.member(severity);
    scan.raw(levels[level] ?? Buffer.from(`"${level}"`));
  }
  if (level > 0) {
    scan.member(severityNumber);
    scan.jsonInt(record, 2);
  }
  string(scan, record, 12, eventName);
  scan.member(body);
  if (record.has(5)) scan.jsonValue(record.start(5), record.end(5));
  else scan.ascii('null');
  ids(scan, record, 9, 10);
  attributesOf(scan, record);
};
