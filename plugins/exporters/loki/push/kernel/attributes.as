// Attributes of the record that is looked at.
import { nameAt, nameAtPlace } from './names';
import { attributes, varying } from './places';
import { enter, skipField, stop } from './wire';

const KEY_TAG: u32 = 0x0a;
const VALUE_TAG: u32 = 0x12;
const KEY_THEN_VALUE: u32 = 0x120a;
const VALUE_THEN_KEY: u32 = 0x0a12;

@unmanaged
export class Attribute {
  name: u32;
  // Where the encoded AnyValue is; zeros where there is none.
  value: usize;
  valueEnd: usize;
}

export const ATTRIBUTE = <u32>offsetof<Attribute>();

// A value that a label varies with, of the first attribute of its key. Zeros where there is no such attribute, or it has none.
@unmanaged
export class Varying {
  value: usize;
  valueEnd: usize;
  isThere: u32;
}

export const VARYING = <u32>offsetof<Varying>();

// The key and the value of the KeyValue that was read last.
export let keyStart: usize = 0;
export let keyEnd: usize = 0;
export let valueStart: usize = 0;
export let valueEnd: usize = 0;

export function clearAttributes(): void {
  attributes.used = 0;
  if (varying.used > 0) memory.fill(varying.at, 0, varying.used);
}

// Takes note of the KeyValue from `start` to `end`.
// @ts-ignore: decorator
@inline
export function addAttribute(start: usize, end: usize): void {
  readKeyValue(start, end);
  const place = <u32>(attributes.used / ATTRIBUTE);
  const number = nameAtPlace(keyStart, keyEnd, place);
  const attribute = changetype<Attribute>(attributes.append(ATTRIBUTE));
  attribute.name = number;
  attribute.value = valueStart;
  attribute.valueEnd = valueEnd;
  const label = nameAt(number).varying;
  if (label != 0) noteVarying(label);
}

function noteVarying(label: u32): void {
  const value = changetype<Varying>(varying.at + (label - 1) * VARYING);
  if (value.isThere != 0) return;
  value.isThere = 1;
  value.value = valueStart;
  value.valueEnd = valueEnd;
}

// Finds the key and the value of a KeyValue; of either, the last one counts.
// @ts-ignore: decorator
@inline
export function readKeyValue(start: usize, end: usize): void {
  // A key and a value of less than 128 bytes each, in either order: nearly all are so.
  const middle = start + 2 + <usize>load<u8>(start + 1);
  if (end - start < 128 && middle + 2 <= end && middle + 2 + <usize>load<u8>(middle + 1) == end) {
    const tags: u32 = <u32>load<u8>(start) | ((<u32>load<u8>(middle)) << 8);
    if (tags == KEY_THEN_VALUE) {
      keyStart = start + 2;
      keyEnd = middle;
      valueStart = middle + 2;
      valueEnd = end;
      return;
    }
    if (tags == VALUE_THEN_KEY) {
      keyStart = middle + 2;
      keyEnd = end;
      valueStart = start + 2;
      valueEnd = middle;
      return;
    }
  }
  readOddKeyValue(start, end);
}

function readOddKeyValue(start: usize, end: usize): void {
  keyStart = start;
  keyEnd = start;
  valueStart = 0;
  valueEnd = 0;
  for (let p = start; p < end;) {
    const tag: u32 = load<u8>(p);
    if (tag == KEY_TAG) {
      keyStart = enter(p + 1, end);
      keyEnd = stop;
      p = stop;
    } else if (tag == VALUE_TAG) {
      valueStart = enter(p + 1, end);
      valueEnd = stop;
      p = stop;
    } else p = skipField(p, end);
  }
}
