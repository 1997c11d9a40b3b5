// The streams that are known, and those of them that the push has.
import { copy } from './copy';
import { slots, streams, streamTexts, transfer } from './places';
import { push } from './push-number';

@unmanaged
export class Stream {
  // Its labels among the texts of streams.
  text: usize;
  size: usize;
  // The push that had it last, and its slot there.
  push: u32;
  slot: u32;
}

// A stream of the push. push/streams.ts reads it.
@unmanaged
export class Slot {
  stream: u32;
  // Its entries.
  count: u32;
  // Where it is in the push, and the size of its content.
  start: usize;
  end: usize;
  size: usize;
  // Where its entries begin among those that are sorted.
  first: u32;
  // Nanoseconds since the epoch.
  oldest: u64;
  newest: u64;
}

const STREAM = <u32>offsetof<Stream>();
export const SLOT = <u32>offsetof<Slot>();

// The labels in the transfer are those of the next stream.
export function addStream(): void {
  const stream = changetype<Stream>(streams.append(STREAM));
  stream.text = streamTexts.used;
  stream.size = transfer.used;
  stream.push = 0;
  copy(streamTexts.append(transfer.used), transfer.at, transfer.used);
}

export function forgetStreams(): void {
  streams.used = 0;
  streamTexts.used = 0;
}

export function streamOf(slot: Slot): Stream {
  return changetype<Stream>(streams.at + slot.stream * STREAM);
}

// @ts-ignore: decorator
@inline
export function slotAt(number: u32): Slot {
  return changetype<Slot>(slots.at + number * SLOT);
}

export function slotCount(): u32 {
  return <u32>(slots.used / SLOT);
}

// The slot for one more entry of a stream.
// @ts-ignore: decorator
@inline
export function slotFor(number: u32): u32 {
  const stream = changetype<Stream>(streams.at + number * STREAM);
  if (stream.push != push) addSlot(stream, number);
  slotAt(stream.slot).count++;
  return stream.slot;
}

function addSlot(stream: Stream, number: u32): void {
  stream.push = push;
  stream.slot = slotCount();
  const slot = changetype<Slot>(slots.append(SLOT));
  slot.stream = number;
  slot.count = 0;
}
