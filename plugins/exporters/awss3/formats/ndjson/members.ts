import { jsonName, type JsonName, type Message, type NumberKind, type RecordScan } from 'sluice/plugin';

const traceId = jsonName('trace_id');
const spanId = jsonName('span_id');
const attributes = jsonName('attributes');

/** Writes one record as members of an object that is open. */
export type WriteRecord = (scan: RecordScan, receivedAt: number) => void;

/** Members that more than one kind of record has. What is absent or empty is left out. */
export function string(scan: RecordScan, message: Message, field: number, name: JsonName): void {
  if (message.end(field) === message.start(field) || !message.has(field)) return;
  scan.member(name);
  scan.jsonString(message.start(field), message.end(field));
}

export function hex(scan: RecordScan, message: Message, field: number, name: JsonName): void {
  if (message.end(field) === message.start(field) || !message.has(field)) return;
  scan.member(name);
  scan.jsonHex(message.start(field), message.end(field));
}

export function ids(scan: RecordScan, message: Message, traceField: number, spanField: number): void {
  hex(scan, message, traceField, traceId);
  hex(scan, message, spanField, spanId);
}

export function number(scan: RecordScan, message: Message, field: number, name: JsonName, kind: NumberKind): void {
  if (!message.has(field)) return;
  scan.member(name);
  scan.jsonNumber(message, field, kind);
}

export function numbers(scan: RecordScan, message: Message, field: number, name: JsonName, kind: NumberKind): void {
  scan.member(name);
  scan.jsonNumbers(message, field, kind);
}

/** A time, where it is set. */
export function time(scan: RecordScan, message: Message, field: number, name: JsonName): boolean {
  if (!isSet(scan, message, field)) return false;
  scan.member(name);
  scan.jsonTime(message, field);
  return true;
}

/** Times are 0 where nobody set them. */
function isSet(scan: RecordScan, message: Message, field: number): boolean {
  return message.has(field) && (scan.secondsOf(message, field) > 0 || scan.nanosOf(message, field) > 0);
}

/** A time in milliseconds, for records that have none of their own. */
export function arrival(scan: RecordScan, name: JsonName, timeMs: number): void {
  scan.member(name);
  scan.jsonText(new Date(timeMs).toISOString().replace('Z', '000000Z'));
}

export function attributesOf(scan: RecordScan, message: Message, name: JsonName = attributes): void {
  scan.member(name);
  const mark = scan.open();
  scan.jsonAttributes(message.attributes);
  scan.close(mark);
}

const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;

/** A list of objects, one for each message in a field. `write` writes the members of one. Left out where there is none. */
export function list(
  scan: RecordScan,
  message: Message,
  field: number,
  name: JsonName,
  write: (start: number, end: number) => void,
): void {
  if (!message.has(field)) return;
  scan.member(name);
  scan.byte(openBracket);
  let first = true;
  scan.each(message, field, (start, end) => {
    if (!first) scan.byte(comma);
    first = false;
    const mark = scan.open();
    write(start, end);
    scan.close(mark);
  });
  scan.byte(closeBracket);
}
