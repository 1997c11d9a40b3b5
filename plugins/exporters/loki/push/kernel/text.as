import { putDigits, putFixed } from './digits';
import { input, SCRATCH, transfer } from './places';
import { enter, readVarint, stop, varint } from './wire';

// The value that is in the batch from `start` to `end` as text: TypeScript puts it into the transfer.
// @ts-ignore: decorator
@external("env", "valueText")
declare function valueText(start: usize, end: usize): void;
// A number as JavaScript writes it, with a sign for the zero that has one; likewise.
// @ts-ignore: decorator
@external("env", "numberText")
declare function numberText(value: f64): void;

const STRING: u32 = 0x0a;
const BOOL: u32 = 0x10;
const INT: u32 = 0x18;
const DOUBLE: u32 = 0x21;
const SCRATCH_END = SCRATCH + 64;

const TRUE: u32 = 0x65757274;
const FALS: u32 = 0x736c6166;
const LAST_E: u32 = 0x65;
const MINUS: u32 = 0x2d;
const DOT: u32 = 0x2e;

// Up to here a number of thousandths has no more than twelve digits.
const MOST_DECIMAL: f64 = 1e9;
const MOST_WHOLE: f64 = 9007199254740992;
const MINUS_ZERO: u64 = 1 << 63;

// The text that was asked for last; until the next one.
export let text: usize = 0;
export let textSize: usize = 0;

// An AnyValue as text: a string as it is, nothing where nothing is set, everything else as its JSON. Values of one member are
// read here, anything else is for TypeScript.
export function asText(start: usize, end: usize): void {
  const size = end - start;
  textSize = 0;
  if (size == 0) return;
  const tag: u32 = load<u8>(start);
  if (tag == STRING) {
    text = enter(start + 1, end);
    textSize = stop - text;
    if (stop == end) return;
  } else if (tag == DOUBLE) {
    if (size == 9) return doubleText(load<f64>(start + 1));
  } else if (tag == INT) {
    if (readVarint(start + 1) == end) return intText(<i64>varint);
  } else if (tag == BOOL) {
    if (readVarint(start + 1) == end) return boolText(varint != 0);
  }
  transfer.used = 0;
  valueText(start - input.at, end - input.at);
  takeTransfer();
}

export function intText(value: i64): void {
  unsignedText(value < 0 ? 0 - <u64>value : <u64>value);
  sign(value < 0);
}

export function unsignedText(value: u64): void {
  text = putDigits(SCRATCH_END, value);
  textSize = SCRATCH_END - text;
}

// A number as JavaScript writes it.
export function doubleText(value: f64): void {
  const size = abs(value);
  const bits = reinterpret<u64>(value);
  if (size < MOST_WHOLE && trunc(size) == size && bits != MINUS_ZERO) return intText(<i64>value);
  if (size >= 0.001 && size < MOST_DECIMAL) {
    const thousandths = floor(size * 1000 + 0.5);
    // Two decimals of up to fifteen digits are never the same double, so these are its shortest.
    if (thousandths / 1000 == size) return decimalText(<u64>thousandths, value < 0);
  }
  transfer.used = 0;
  numberText(value);
  takeTransfer();
}

// A number of thousandths that is no whole number.
function decimalText(thousandths: u64, negative: bool): void {
  const whole = thousandths / 1000;
  let places = <u32>(thousandths - whole * 1000);
  let width: u32 = 3;
  for (; places % 10 == 0; places /= 10) width--;
  const point = SCRATCH_END - width - 1;
  store<u8>(point, <u8>DOT);
  putFixed(point + 1, places, width);
  text = putDigits(point, whole);
  sign(negative);
}

function boolText(value: bool): void {
  text = SCRATCH;
  textSize = value ? 4 : 5;
  store<u32>(SCRATCH, value ? TRUE : FALS);
  store<u8>(SCRATCH, <u8>LAST_E, 4);
}

function sign(negative: bool): void {
  if (negative) store<u8>(--text, <u8>MINUS);
  textSize = SCRATCH_END - text;
}

function takeTransfer(): void {
  text = transfer.at;
  textSize = transfer.used;
}
