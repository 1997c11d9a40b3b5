// Structured metadata, as much of it as is allowed in one entry.
import { copy } from './copy';
import { learn, phraseAt, putPhrase } from './draft';
import { Name, nameAt } from './names';
import { bytes, HEAD_BITS, HEADS, nameTexts } from './places';
import { putVarint, readVarint, varint, varintSize } from './wire';

const PAIR_TAG: u8 = 0x1a;
const NAME_TAG: u8 = 0x0a;
const VALUE_TAG: u8 = 0x12;
// Tags and lengths of a pair.
const AROUND: usize = 32;
// Pairs with values of up to so many bytes share what they begin with.
const LONGEST_HEAD: usize = 127;
const SLOT: u32 = 8;

let mostPairs: u32 = 0;
let mostBytes: usize = 0;
// Of the entry.
let count: u32 = 0;
let size: usize = 0;
// What is written becomes a group: nothing is left out.
let collecting: bool = false;
let groupCount: u32 = 0;
let groupSize: usize = 0;
export let leftOut: u32 = 0;

// Pairs to be added to many entries of one push: the phrase that has them, how many they are, and their names and values in
// bytes, as Loki counts them.
@unmanaged
export class Group {
  phrase: u32;
  count: u32;
  size: usize;
}

export function limitPairs(pairs: u32, bytes: u32): void {
  mostPairs = pairs;
  mostBytes = bytes;
}

// A new push. Phrases of earlier ones are forgotten.
export function beginPairs(): void {
  memory.fill(HEADS, 0, SLOT << HEAD_BITS);
  leftOut = 0;
  collecting = false;
}

// A new entry, without pairs so far.
export function beginPairsOfEntry(): void {
  count = 0;
  size = 0;
}

// Counts a pair of so many bytes; false where the limits leave no room for it.
// @ts-ignore: decorator
@inline
export function admits(more: usize): bool {
  if (collecting) {
    groupCount++;
    groupSize += more;
    return true;
  }
  if (count >= mostPairs || size + more > mostBytes) {
    leftOut++;
    return false;
  }
  count++;
  size += more;
  return true;
}

// Adds a pair, unless there is no room for it.
export function putPair(number: u32, value: usize, valueSize: usize): void {
  const to = putHead(number, valueSize);
  if (to == 0) return;
  copy(to, value, valueSize);
  bytes.used += valueSize;
}

// Begins a pair whose value has so many bytes. Gives where they go, with room for them and 32 more; zero where the limits
// leave none.
export function putHead(number: u32, valueSize: usize): usize {
  const name = nameAt(number);
  if (!admits(name.size + valueSize)) return 0;
  if (collecting || valueSize > LONGEST_HEAD) writeHead(name, valueSize);
  else putPhrase(headOf(number, name, valueSize));
  bytes.reserve(valueSize + 32);
  return bytes.end;
}

// A pair with a name that is none of an attribute.
export function putOwnPair(text: usize, textSize: usize, value: usize, valueSize: usize): void {
  if (!admits(textSize + valueSize)) return;
  writeHeadOf(text, textSize, valueSize);
  copy(bytes.append(valueSize), value, valueSize);
}

// The phrase that begins a pair of this name with a value of this size, which is learned if it is not known.
function headOf(number: u32, name: Name, valueSize: usize): u32 {
  const head = (number << 7) | <u32>valueSize;
  const slot = HEADS + ((head * 0x9e3779b1) >> (32 - HEAD_BITS)) * SLOT;
  // Phrases are kept plus one: zero is none.
  const known = load<u32>(slot, 4);
  if (known != 0 && load<u32>(slot) == head) return known - 1;
  const from = bytes.used;
  writeHead(name, valueSize);
  const phrase = learn(from);
  store<u32>(slot, head);
  store<u32>(slot, phrase + 1, 4);
  return phrase;
}

export function writeHead(name: Name, valueSize: usize): void {
  writeHeadOf(nameTexts.at + name.text, name.size, valueSize);
}

function writeHeadOf(text: usize, textSize: usize, valueSize: usize): void {
  bytes.reserve(textSize + AROUND);
  let to = bytes.end;
  store<u8>(to, PAIR_TAG);
  to = putVarint(to + 1, 2 + varintSize(textSize) + textSize + varintSize(valueSize) + valueSize);
  store<u8>(to, NAME_TAG);
  to = putVarint(to + 1, textSize);
  copy(to, text, textSize);
  to += textSize;
  store<u8>(to, VALUE_TAG);
  bytes.used = putVarint(to + 1, valueSize) - bytes.at;
}

// What is written up to `endGroup` becomes a group. Gives where it begins.
export function beginGroup(): usize {
  collecting = true;
  groupCount = 0;
  groupSize = 0;
  return bytes.used;
}

export function endGroup(from: usize, group: Group): void {
  collecting = false;
  group.phrase = learn(from);
  group.count = groupCount;
  group.size = groupSize;
}

// Adds all pairs of a group, or those that find room.
// @ts-ignore: decorator
@inline
export function putGroup(group: Group): void {
  if (group.count == 0) return;
  if (count + group.count > mostPairs || size + group.size > mostBytes) return putSome(group.phrase);
  count += group.count;
  size += group.size;
  putPhrase(group.phrase);
}

// Those that find room. The few bytes of tags and lengths are counted, too: that errs on the side of the limit.
function putSome(number: u32): void {
  const phrase = phraseAt(number);
  const end = phrase.start + phrase.size;
  for (let from: usize = phrase.start; from < end;) {
    const content = readVarint(bytes.at + from + 1) - bytes.at;
    const length = <usize>varint;
    if (admits(length)) {
      const whole = content + length - from;
      bytes.reserve(whole);
      copy(bytes.end, bytes.at + from, whole);
      bytes.used += whole;
    }
    from = content + length;
  }
}
