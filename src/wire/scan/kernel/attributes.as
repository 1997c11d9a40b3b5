import { enter, length, readTag, skip, tag } from './fields';
import { input, resized } from './memory';

// A list of attributes: where its rows are, for how many there is room, and how many there are; where their keys are by hash,
// and whether they are.
const ROWS: usize = 0;
const ROOM: usize = 4;
const COUNT: usize = 8;
export const SLOTS: usize = 12;
export const HASHED: usize = 16;
export const LIST_SIZE: usize = 20;

// A row: where a key begins and ends, and a value, from the beginning of the input; -1 for no value.
export const KEY_START: usize = 0;
export const KEY_END: usize = 4;
export const VALUE_START: usize = 8;
export const VALUE_END: usize = 12;
export const ROW_SIZE: usize = 16;

const KEY_TAG: u32 = 0x0a;
const VALUE_TAG: u32 = 0x12;

// @ts-ignore: decorator
@inline
export function rowsOf(list: usize): usize {
  return <usize>load<u32>(list, ROWS);
}

// @ts-ignore: decorator
@inline
export function countOf(list: usize): usize {
  return <usize>load<u32>(list, COUNT);
}

// @ts-ignore: decorator
@inline
export function clear(list: usize): void {
  store<u32>(list, 0, COUNT);
  store<u32>(list, 0, HASHED);
}

// Takes note of the KeyValue from `start` to `end`.
// @ts-ignore: decorator
@inline
export function add(list: usize, start: usize, end: usize): void {
  const count = countOf(list);
  if (count == <usize>load<u32>(list, ROOM)) grow(list);
  const row = rowsOf(list) + ROW_SIZE * count;
  store<u32>(list, <u32>count + 1, COUNT);
  // A key and a value of less than 128 bytes each, in either order: nearly all are so.
  const middle = start + 2 + <usize>load<u8>(start + 1);
  if (end - start < 128 && middle + 2 <= end && middle + 2 + <usize>load<u8>(middle + 1) == end) {
    const first: u32 = load<u8>(start);
    const second: u32 = load<u8>(middle);
    if (first == KEY_TAG && second == VALUE_TAG) return fill(row, start + 2, middle, middle + 2, end);
    if (first == VALUE_TAG && second == KEY_TAG) return fill(row, middle + 2, end, start + 2, middle);
  }
  addUnusual(row, start, end);
}

// @ts-ignore: decorator
@inline
function fill(row: usize, keyStart: usize, keyEnd: usize, valueStart: usize, valueEnd: usize): void {
  store<u32>(row, <u32>(keyStart - input), KEY_START);
  store<u32>(row, <u32>(keyEnd - input), KEY_END);
  store<u32>(row, <u32>(valueStart - input), VALUE_START);
  store<u32>(row, <u32>(valueEnd - input), VALUE_END);
}

function addUnusual(row: usize, start: usize, end: usize): void {
  fill(row, start, start, input - 1, input - 1);
  let p = start;
  while (p < end) {
    p = readTag(p);
    if (tag != KEY_TAG && tag != VALUE_TAG) {
      p = skip(p, tag & 7, end);
      continue;
    }
    const column = row + (tag == KEY_TAG ? KEY_START : VALUE_START);
    p = enter(p, end);
    store<u32>(column, <u32>(p - input));
    p += length;
    store<u32>(column + 4, <u32>(p - input));
  }
}

function grow(list: usize): void {
  const room = max<usize>(16, 2 * <usize>load<u32>(list, ROOM));
  store<u32>(list, <u32>resized(rowsOf(list), ROW_SIZE * room), ROWS);
  store<u32>(list, <u32>room, ROOM);
}
