// The pairs for attributes of records. A value that was there before is found by its bytes, and is not written again.
import { same } from './copy';
import { quickHash } from './hash';
import { nameAt, RECORD_LABEL, renew } from './names';
import { beginGroup, endGroup, Group, putGroup, putPair } from './pairs';
import { attributes, VALUE_BITS, VALUE_SLOTS, values } from './places';
import { Attribute, ATTRIBUTE } from './attributes';
import { asText, text, textSize } from './text';

// Longest value, in bytes, that is looked for.
const LONGEST: usize = 512;
// So many new values of an attribute are taken note of, before it is said to be varied.
const TRIES: u32 = 16;

@unmanaged
class Value extends Group {
  name: u32;
  // Where the value is in memory, encoded.
  start: usize;
  length: usize;
}

const VALUE = <u32>offsetof<Value>();

// Adds the attributes of the record that are no labels.
export function putAttributes(): void {
  const end = attributes.end;
  for (let at = attributes.at; at < end; at += ATTRIBUTE) {
    const attribute = changetype<Attribute>(at);
    const name = nameAt(attribute.name);
    if ((name.labels & RECORD_LABEL) != 0) continue;
    const start = attribute.value;
    const size = attribute.valueEnd - start;
    renew(name);
    // Nothing is gained by looking for values that are new ones mostly.
    const isVaried = name.unknown > TRIES && name.unknown > name.known;
    if (start == 0 || size > LONGEST || isVaried) {
      putValue(attribute.name, start, attribute.valueEnd);
      continue;
    }
    const slot = VALUE_SLOTS + 4 * <usize>(quickHash(attribute.name, start, size) >> (64 - VALUE_BITS));
    const row = load<u32>(slot);
    if (row < <u32>values.used) {
      const value = changetype<Value>(values.at + row);
      if (value.name == attribute.name && value.length == size && same(value.start, start, size)) {
        name.known++;
        putGroup(value);
        continue;
      }
    }
    name.unknown++;
    store<u32>(slot, values.used);
    learnValue(attribute);
  }
}

// A pair whose value is an AnyValue; `start` is zero where there is none.
export function putValue(name: u32, start: usize, end: usize): void {
  asText(start, end);
  putPair(name, text, textSize);
}

function learnValue(attribute: Attribute): void {
  const from = beginGroup();
  putValue(attribute.name, attribute.value, attribute.valueEnd);
  const value = changetype<Value>(values.append(VALUE));
  endGroup(from, value);
  value.name = attribute.name;
  value.start = attribute.value;
  value.length = attribute.valueEnd - attribute.value;
  putGroup(value);
}
