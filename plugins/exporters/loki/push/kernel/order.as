// The order of the entries: by stream, and within it by time. Equal times keep their order.
import { entryAt } from './draft';
import { merged, sorted } from './places';
import { Slot, slotAt, slotCount, streamOf } from './streams';
import { varintSize } from './wire';

// So many entries are sorted by moving them one by one.
const FEW: u32 = 12;

export function sortEntries(): void {
  const count = slotCount();
  let first: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const slot = slotAt(i);
    slot.first = first;
    first += slot.count;
    slot.count = 0;
  }
  sorted.renew(4 * first);
  bySlot(first);
  let start: usize = 0;
  for (let i: u32 = 0; i < count; i++) start = finish(slotAt(i), start);
}

function bySlot(count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const slot = slotAt(entryAt(i).slot);
    store<u32>(sorted.at + 4 * (slot.first + slot.count), i);
    slot.count++;
  }
}

// Sorts the entries of a stream and says where it is in the push; gives where it ends.
function finish(slot: Slot, start: usize): usize {
  const own = sorted.at + 4 * slot.first;
  const count = slot.count;
  if (!isSorted(own, count)) sort(own, count);
  const labels = streamOf(slot).size;
  let size = varintSize(labels) + labels + 1;
  for (let i: u32 = 0; i < count; i++) size += entryAt(load<u32>(own + 4 * i)).size;
  slot.size = size;
  slot.start = start;
  slot.end = start + 1 + varintSize(size) + size;
  slot.oldest = timeAt(own);
  slot.newest = timeAt(own + 4 * (count - 1));
  return slot.end;
}

// @ts-ignore: decorator
@inline
function timeAt(p: usize): u64 {
  return entryAt(load<u32>(p)).time;
}

function isSorted(own: usize, count: u32): bool {
  let before: u64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const time = timeAt(own + 4 * i);
    if (time < before) return false;
    before = time;
  }
  return true;
}

// Runs of few entries, and then merges of two runs each.
function sort(own: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += FEW) insert(own + 4 * i, min(FEW, count - i));
  let from = own;
  let to = merged.renew(4 * count);
  for (let width = FEW; width < count; width *= 2) {
    for (let i: u32 = 0; i < count; i += 2 * width) {
      const middle = min(i + width, count);
      merge(from, to, i, middle, min(middle + width, count));
    }
    const other = from;
    from = to;
    to = other;
  }
  if (from != own) memory.copy(own, from, 4 * count);
}

function insert(own: usize, count: u32): void {
  for (let i: usize = 4; i < 4 * count; i += 4) {
    const entry = load<u32>(own + i);
    const time = entryAt(entry).time;
    let at = i;
    for (; at > 0 && timeAt(own + at - 4) > time; at -= 4) store<u32>(own + at, load<u32>(own + at - 4));
    store<u32>(own + at, entry);
  }
}

function merge(from: usize, to: usize, start: u32, middle: u32, end: u32): void {
  let a = from + 4 * start;
  let b = from + 4 * middle;
  const aEnd = b;
  const bEnd = from + 4 * end;
  let at = to + 4 * start;
  if (a < aEnd && b < bEnd) {
    let aTime = timeAt(a);
    let bTime = timeAt(b);
    while (true) {
      if (aTime <= bTime) {
        store<u32>(at, load<u32>(a));
        at += 4;
        a += 4;
        if (a == aEnd) break;
        aTime = timeAt(a);
      } else {
        store<u32>(at, load<u32>(b));
        at += 4;
        b += 4;
        if (b == bEnd) break;
        bTime = timeAt(b);
      }
    }
  }
  memory.copy(at, a, aEnd - a);
  memory.copy(at + (aEnd - a), b, bEnd - b);
}
