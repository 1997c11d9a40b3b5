import { add, clear, LIST_SIZE } from './attributes';
import { enter, length, readTag, skip, tag } from './fields';
import { allocate, input } from './memory';

// A message: where it begins and ends, its attributes, and where its fields begin and end by their number, all from the beginning
// of the input; a start is -1 where the field is absent. Of a field that occurs several times, the last one counts.
const FROM: usize = 0;
const TO: usize = 4;
export const ATTRIBUTES: usize = 8;
const STARTS: usize = 32;
const ENDS: usize = 160;
const MESSAGE_SIZE: usize = 288;
// Field numbers that OTLP uses are below this.
const FIELDS: u32 = 32;

// What the scan stands at, one behind the other: TypeScript knows the order.
export const MESSAGES: usize = memory.data(1152, 16);
export const RESOURCE: usize = MESSAGES;
export const SCOPE: usize = MESSAGES + MESSAGE_SIZE;
export const METRIC: usize = MESSAGES + 2 * MESSAGE_SIZE;
export const RECORD: usize = MESSAGES + 3 * MESSAGE_SIZE;

// One more, for messages within a record.
export function createMessage(): usize {
  const message = allocate(MESSAGE_SIZE);
  memory.fill(message + ATTRIBUTES, 0, LIST_SIZE);
  forget(message);
  return message;
}

export function forgetAll(): void {
  for (let message = RESOURCE; message <= RECORD; message += MESSAGE_SIZE) forget(message);
}

export function forget(message: usize): void {
  store<u64>(message, 0, FROM);
  clear(message + ATTRIBUTES);
  const absent = i32x4.splat(-1);
  for (let i: usize = 0; i < 4 * <usize>FIELDS; i += 16) v128.store(message + STARTS + i, absent);
}

// Reads the message from `start` to `end`; the attributes are what has their tag.
export function readMessage(message: usize, start: usize, end: usize, attributesTag: u32): void {
  forget(message);
  store<u32>(message, <u32>(start - input), FROM);
  store<u32>(message, <u32>(end - input), TO);
  let p = start;
  while (p < end) {
    p = readTag(p);
    const current = tag;
    let from = p;
    if ((current & 7) == 2) {
      from = enter(p, end);
      p = from + length;
      if (current == attributesTag) {
        add(message + ATTRIBUTES, from, p);
        continue;
      }
    } else p = skip(p, current & 7, end);
    const number = current >>> 3;
    if (number >= FIELDS) continue;
    const field = message + 4 * <usize>number;
    store<u32>(field, <u32>(from - input), STARTS);
    store<u32>(field, <u32>(p - input), ENDS);
  }
}

// @ts-ignore: decorator
@inline
export function has(message: usize, field: usize): bool {
  return load<i32>(message + 4 * field, STARTS) >= 0;
}

// @ts-ignore: decorator
@inline
export function startOf(message: usize, field: usize): usize {
  return input + <usize>load<u32>(message + 4 * field, STARTS);
}

// @ts-ignore: decorator
@inline
export function endOf(message: usize, field: usize): usize {
  return input + <usize>load<u32>(message + 4 * field, ENDS);
}

// @ts-ignore: decorator
@inline
export function fromOf(message: usize): usize {
  return input + <usize>load<u32>(message, FROM);
}

// @ts-ignore: decorator
@inline
export function toOf(message: usize): usize {
  return input + <usize>load<u32>(message, TO);
}
