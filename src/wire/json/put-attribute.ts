import { closeBrace, openBrace } from './characters.ts';
import type { Label, Labels } from './labels.ts';
import { putName } from './put-name.ts';
import { putString } from './put-string.ts';
import { readVarint } from './read-wire.ts';
import type { Transfer } from './transfer.ts';

/** The fields that an attribute's writer needs. */
export interface AttributeLabels {
  readonly key: Label;
  readonly value: Label;
  readonly keyTag: number;
  readonly valueTag: number;
  readonly values: readonly (Label | null)[];
}

export function attributeLabels(keyValue: Labels, anyValue: Labels): AttributeLabels {
  const [key, value] = keyValue.fields as [Label, Label];
  return { key, value, keyTag: key.number * 8 + 2, valueTag: value.number * 8 + 2, values: anyValue.byNumber };
}

/**
 * The short way for a KeyValue of the form that nearly all have, in either order: a key and a scalar, shorter than 128 bytes.
 * `pos` is at its length. Writes its JSON and moves behind it. False, with nothing moved, if it is of any other form.
 */
export function putPlainAttribute(s: Transfer, labels: AttributeLabels): boolean {
  const { input, pos } = s;
  const start = pos + 1;
  const end = start + input[pos]!;
  const middle = start + 2 + input[start + 1]!;
  if (input[pos]! > 127 || s.depth + 2 > s.maxDepth) return false;
  if (middle + 2 > end || middle + 2 + input[middle + 1]! !== end) return false;
  const keyFirst = input[start] === labels.keyTag && input[middle] === labels.valueTag;
  if (!keyFirst && (input[start] !== labels.valueTag || input[middle] !== labels.keyTag)) return false;
  const value = keyFirst ? middle + 2 : start + 2;
  const valueEnd = keyFirst ? end : middle;
  const label = scalarAt(s, value, valueEnd, labels);
  const key = keyFirst ? start + 2 : middle + 2;
  const keyEnd = keyFirst ? middle : end;
  if (label === null || key === keyEnd) {
    s.pos = pos;
    return false;
  }
  s.pos = key;
  opened(s, labels.key);
  putString(s, keyEnd);
  putName(s, labels.value);
  s.pos = value + 1;
  opened(s, label);
  label.emit(s, label);
  s.out[s.at++] = closeBrace;
  s.out[s.at++] = closeBrace;
  s.pos = end;
  return true;
}

/** The scalar that takes all of the AnyValue from `from` to `to`, or null. */
function scalarAt(s: Transfer, from: number, to: number, { values }: AttributeLabels): Label | null {
  const { input } = s;
  const tag = input[from]!;
  if (to - from < 2 || tag >>> 3 >= values.length) return null;
  const label = values[tag >>> 3]!;
  if (label === null || label.labels !== null || label.wireType !== (tag & 7)) return null;
  let stop = from + 9;
  if (label.wireType === 2) stop = from + 2 + input[from + 1]!;
  else if (label.wireType === 0) {
    s.pos = from + 1;
    readVarint(s);
    stop = s.pos;
  }
  return stop === to ? label : null;
}

/** The name of the first member, with the brace in front that takes the place of the comma. */
function opened(s: Transfer, label: Label): void {
  const { at } = s;
  putName(s, label);
  s.out[at] = openBrace;
}
