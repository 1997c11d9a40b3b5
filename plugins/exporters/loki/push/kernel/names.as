import { ByteMap } from './byte-map';
import { copy, same } from './copy';
import { input, NAME_MAP, names, nameTexts, RECENT, RECENT_NAMES, transfer } from './places';
import { push } from './push-number';

// The name in structured metadata for the key of an attribute, which is in the batch from `start` to `end`: TypeScript puts
// it into the transfer, behind a word that says whether it is a label of records (1) or resources (2), and one that says
// which of the labels that vary it is, counting from 1. Gives the length of the name.
// @ts-ignore: decorator
@external("env", "nameOf")
declare function nameOf(start: usize, end: usize): usize;

export const RECORD_LABEL: u32 = 1;
export const RESOURCE_LABEL: u32 = 2;

// Keys are forgotten at the beginning of a push that finds more: senders may make up any number of them.
const MOST_NAMES: u32 = 10_000;
const MOST_BYTES: usize = 1 << 20;

// The names that are no attributes, in the order in which TypeScript tells them.
export const TRACE_ID: u32 = 0;
export const SPAN_ID: u32 = 1;
export const EVENT_NAME: u32 = 2;
export const OBSERVED_TIMESTAMP: u32 = 3;
export const SCOPE_NAME: u32 = 4;
export const SCOPE_VERSION: u32 = 5;
export const SEVERITY_NUMBER: u32 = 6;
export const SEVERITY_TEXT: u32 = 7;
export const FLAGS: u32 = 8;
const OWN_NAMES: u32 = 9;

@unmanaged
export class Name {
  // Where the name is among the texts of names, and how many bytes it has.
  text: usize;
  size: usize;
  // Where the key is among the keys of the map.
  key: usize;
  keySize: usize;
  labels: u32;
  varying: u32;
  // What follows is of the push of this number: how many values it had had before, and how many it had not.
  push: u32;
  known: u32;
  unknown: u32;
}

const NAME = <u32>offsetof<Name>();
const map = changetype<ByteMap>(NAME_MAP);
let ownBytes: usize = 0;

// @ts-ignore: decorator
@inline
export function nameAt(number: u32): Name {
  return changetype<Name>(names.at + number * NAME);
}

// The name in the transfer is that of the next number.
export function addOwnName(): void {
  add(transfer.at, transfer.used);
  ownBytes = nameTexts.used;
}

export function boundNames(): void {
  if (map.count <= MOST_NAMES && nameTexts.used <= MOST_BYTES) return;
  map.clear();
  names.used = OWN_NAMES * NAME;
  nameTexts.used = ownBytes;
  memory.fill(RECENT_NAMES, 0, 4 * RECENT);
}

// The number of the name for a key that is the attribute at this place of its record. Most records have the same keys in
// the same places.
// @ts-ignore: decorator
@inline
export function nameAtPlace(start: usize, end: usize, place: u32): u32 {
  if (place >= RECENT) return nameOfKey(start, end);
  const recent = load<u32>(RECENT_NAMES + 4 * place);
  const name = nameAt(recent);
  if (recent != 0 && name.keySize == end - start && same(map.keyAt(name.key), start, end - start)) return recent;
  const number = nameOfKey(start, end);
  store<u32>(RECENT_NAMES + 4 * place, number);
  return number;
}

export function nameOfKey(start: usize, end: usize): u32 {
  const size = end - start;
  const known = map.find(start, size);
  if (known >= 0) return known;
  transfer.used = 0;
  const length = nameOf(start - input.at, end - input.at);
  const number = <u32>(names.used / NAME);
  const name = add(transfer.at + 8, length);
  name.labels = load<u32>(transfer.at);
  name.varying = load<u32>(transfer.at, 4);
  name.keySize = size;
  name.key = map.add(start, size, number);
  return number;
}

// Begins the counts of a name for this push.
// @ts-ignore: decorator
@inline
export function renew(name: Name): void {
  if (name.push == push) return;
  name.push = push;
  name.known = 0;
  name.unknown = 0;
}

function add(text: usize, size: usize): Name {
  const name = changetype<Name>(names.append(NAME));
  name.text = nameTexts.used;
  name.size = size;
  name.push = 0;
  copy(nameTexts.append(size), text, size);
  return name;
}
