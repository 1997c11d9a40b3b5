import { at, copy, ensure, out, resized, writeTo } from './memory';
import { countOf, putValues } from './shapes';

// Of rows of values in the output: where each value begins and ends, from its beginning; -1 for one that is not there.
export let bounds: usize = 0;
let room: usize = 0;
const BOUND_SIZE: usize = 8;

// Appends the values of a shape as the row of that number.
export function putRow(shape: usize, message: usize, row: usize): void {
  const count = countOf(shape);
  if ((row + 1) * count > room) {
    room = max<usize>(2 * room, (row + 1) * count);
    bounds = resized(bounds, BOUND_SIZE * room);
  }
  putValues(shape, message, bounds + BOUND_SIZE * row * count);
}

// Appends the values of a column that are there, each behind its size, a word. Returns how many are.
export function putColumn(shape: usize, column: usize, rows: usize): i32 {
  const stride = BOUND_SIZE * countOf(shape);
  let bound = bounds + BOUND_SIZE * column;
  let present = 0;
  for (let row: usize = 0; row < rows; row++, bound += stride) {
    const from = load<i32>(bound);
    if (from < 0) continue;
    const size = <usize>(load<i32>(bound, 4) - from);
    ensure(size + 4);
    store<u32>(at, <u32>size);
    writeTo(at + 4);
    copy(out + <usize>from, size);
    present++;
  }
  return present;
}
