import { put, QUOTE } from './characters';
import { putEight, putTwo } from './digits';
import { ensure } from './memory';

const SECOND: u64 = 1000000000;
const DAY: u32 = 86400;

// Appends nanoseconds since the epoch as `"2026-01-02T03:04:05.123456789Z"`.
export function putTime(time: u64): void {
  ensure(40);
  const seconds = time / SECOND;
  const nanos = <u32>(time - seconds * SECOND);
  const day = <u32>(seconds / DAY);
  const rest = <u32>seconds - day * DAY;
  put(QUOTE);
  putDate(day);
  put(0x54);
  putTwo(rest / 3600);
  put(0x3a);
  putTwo((rest / 60) % 60);
  put(0x3a);
  putTwo(rest % 60);
  put(0x2e);
  put(0x30 + nanos / 100000000);
  putEight(nanos % 100000000);
  put(0x5a);
  put(QUOTE);
}

// The date of a day since the epoch. Years begin in March here, and eras of 400 of them in the year 0, so that leap days come last
// (Howard Hinnant's algorithm).
function putDate(day: u32): void {
  const shifted = day + 719468;
  const era = shifted / 146097;
  const ofEra = shifted - era * 146097;
  const yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146096) / 365;
  const ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const march = (5 * ofYear + 2) / 153;
  const month = march < 10 ? march + 3 : march - 9;
  const year = yearOfEra + era * 400 + <u32>(month <= 2);
  putTwo(year / 100);
  putTwo(year % 100);
  put(0x2d);
  putTwo(month);
  put(0x2d);
  putTwo(ofYear - (153 * march + 2) / 5 + 1);
}
