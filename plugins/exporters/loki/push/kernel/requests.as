// Requests of some of the streams of a push.
import { copy } from './copy';
import { entryAt } from './draft';
import { beginPlain, copyEntry, copyText } from './plain';
import { bytes, sorted, streamTexts, transfer } from './places';
import { beginBlock, compressEntry, compressText, endBlock } from './snappy';
import { Slot, slotAt, streamOf } from './streams';
import { putVarint } from './wire';

const STREAM_TAG: u8 = 0x0a;
const LABELS_TAG: u8 = 0x0a;

// Both write the streams whose slots are in the transfer.
export function writeSnappy(): void {
  const mark = bytes.used;
  beginBlock(sizeOfAll());
  for (let p = transfer.at; p < transfer.end; p += 4) {
    const slot = slotAt(load<u32>(p));
    const head = writeHead(slot);
    compressText(head, bytes.used);
    const own = sorted.at + 4 * slot.first;
    for (let i: u32 = 0; i < slot.count; i++) compressEntry(entryAt(load<u32>(own + 4 * i)));
  }
  endBlock();
  bytes.used = mark;
}

export function writePlain(): void {
  const mark = bytes.used;
  beginPlain(sizeOfAll());
  for (let p = transfer.at; p < transfer.end; p += 4) {
    const slot = slotAt(load<u32>(p));
    const head = writeHead(slot);
    copyText(head, bytes.used);
    const own = sorted.at + 4 * slot.first;
    for (let i: u32 = 0; i < slot.count; i++) copyEntry(entryAt(load<u32>(own + 4 * i)));
  }
  bytes.used = mark;
}

function sizeOfAll(): usize {
  let size: usize = 0;
  for (let p = transfer.at; p < transfer.end; p += 4) {
    const slot = slotAt(load<u32>(p));
    size += slot.end - slot.start;
  }
  return size;
}

// What stands in front of the entries of a stream goes behind the draft, until the request is written. Gives where it begins.
function writeHead(slot: Slot): usize {
  const stream = streamOf(slot);
  const start = bytes.used;
  bytes.reserve(32 + stream.size);
  let to = bytes.end;
  store<u8>(to, STREAM_TAG);
  to = putVarint(to + 1, slot.size);
  store<u8>(to, LABELS_TAG);
  to = putVarint(to + 1, stream.size);
  copy(to, streamTexts.at + stream.text, stream.size);
  bytes.used = to + stream.size - bytes.at;
  return start;
}
