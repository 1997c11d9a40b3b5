// What src/wire/scan does with bytes, in AssemblyScript: it goes over the records of a batch that has passed the structural check,
// and writes text and JSON about them. Positions count from the beginning of the input, lengths from that of the output; what
// writes takes the length so far and returns the new one.
import { ATTRIBUTES, forgetAll, MESSAGES, readMessage } from './messages';
import { ensure, FOUND_END, input, STATE, writeAt, written } from './memory';
import { isRepeated } from './repeated';
import { putHex } from './bytes';
import { length, readVarint, seek, value } from './fields';
import { putNumber, putNumbers } from './numbers';
import { bounds, putColumn, putRow } from './rows';
import { putMembers } from './shapes';
import { putString } from './text';
import { putTime } from './time';
import { kindOf, putAttributes, putBytes, putText, putValue } from './values';

export { allocate, reserveInput } from './memory';
export { createMessage } from './messages';
export { begin, next } from './walk';

export function state(): usize {
  return STATE;
}

// Where the resource, the scope, the metric and the record are.
export function messages(): usize {
  forgetAll();
  return MESSAGES;
}

export function read(message: usize, start: usize, end: usize, attributesTag: u32): void {
  readMessage(message, input + start, input + end, attributesTag);
}

// The first field from `start` on that has the tag: where its contents begin, or -1; where they end stands in the state.
export function find(start: usize, end: usize, tag: u32): i32 {
  const found = seek(input + start, input + end, tag);
  if (found == 0) return -1;
  store<u32>(STATE, <u32>(found + length - input), FOUND_END);
  return <i32>(found - input);
}

export function varint(start: usize): f64 {
  readVarint(input + start);
  return <f64>(<i64>value);
}

export function valueKind(start: usize, end: usize): u32 {
  return kindOf(input + start, input + end);
}

export function repeated(message: usize, index: usize): bool {
  return isRepeated(message + ATTRIBUTES, index);
}

// Makes room for so many bytes behind the output.
export function reserve(to: usize, size: usize): void {
  writeAt(to);
  ensure(size);
}

export function string(to: usize, start: usize, end: usize): usize {
  writeAt(to);
  putString(input + start, input + end);
  return written();
}

export function jsonValue(to: usize, start: usize, end: usize): usize {
  writeAt(to);
  putValue(input + start, input + end, 0);
  return written();
}

export function text(to: usize, start: usize, end: usize): usize {
  writeAt(to);
  putText(input + start, input + end);
  return written();
}

export function bytes(to: usize, start: usize, end: usize): usize {
  writeAt(to);
  putBytes(input + start, end - start);
  return written();
}

export function hex(to: usize, start: usize, end: usize): usize {
  writeAt(to);
  putHex(input + start, input + end);
  return written();
}

export function number(to: usize, start: usize, kind: u32): usize {
  writeAt(to);
  putNumber(input + start, kind);
  return written();
}

export function numbers(to: usize, start: usize, end: usize, field: u32, kind: u32): usize {
  writeAt(to);
  putNumbers(input + start, input + end, field, kind);
  return written();
}

// A time; that of the epoch where `start` is negative.
export function time(to: usize, start: i32): usize {
  writeAt(to);
  putTime(start < 0 ? 0 : load<u64>(input + <usize>start));
  return written();
}

export function attributes(to: usize, message: usize): usize {
  writeAt(to);
  putAttributes(message + ATTRIBUTES, 0);
  return written();
}

export function members(to: usize, shape: usize, message: usize): usize {
  writeAt(to);
  putMembers(shape, message);
  return written();
}

export function row(to: usize, shape: usize, message: usize, index: usize): usize {
  writeAt(to);
  putRow(shape, message, index);
  return written();
}

// How many values are there: what they take ends where `end` says.
export function column(to: usize, shape: usize, index: usize, rows: usize): i32 {
  writeAt(to);
  return putColumn(shape, index, rows);
}

export function end(): usize {
  return written();
}

export function rowBounds(): usize {
  return bounds;
}
