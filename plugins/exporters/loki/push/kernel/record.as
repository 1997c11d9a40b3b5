// The log record that is looked at. Of a field that occurs several times, the last one counts.
import { addAttribute, clearAttributes } from './attributes';
import { enter, readVarint, skipField, stop, varint } from './wire';

const TIME: u32 = 0x09;
const SEVERITY_NUMBER: u32 = 0x10;
const SEVERITY_TEXT: u32 = 0x1a;
const BODY: u32 = 0x2a;
const ATTRIBUTES: u32 = 0x32;
const FLAGS: u32 = 0x45;
const TRACE_ID: u32 = 0x4a;
const SPAN_ID: u32 = 0x52;
const OBSERVED_TIME: u32 = 0x59;
const EVENT_NAME: u32 = 0x62;

// Times in nanoseconds since the epoch.
export let time: u64 = 0;
export let hasTime: bool = false;
export let observedTime: u64 = 0;
export let severityNumber: i64 = 0;
export let flags: u32 = 0;
// Where the others are in memory, behind their lengths; zeros where they are absent.
export let severityText: usize = 0;
export let severityTextEnd: usize = 0;
export let body: usize = 0;
export let bodyEnd: usize = 0;
export let traceId: usize = 0;
export let traceIdEnd: usize = 0;
export let spanId: usize = 0;
export let spanIdEnd: usize = 0;
export let eventName: usize = 0;
export let eventNameEnd: usize = 0;

let wantsAttributes: bool = false;

export function wantAttributes(wanted: bool): void {
  wantsAttributes = wanted;
}

export function readRecord(start: usize, end: usize): void {
  clear();
  let p = start;
  while (p < end) {
    const tag: u32 = load<u8>(p);
    if ((tag & 7) == 2 && tag < 128) {
      p = enter(p + 1, end);
      const fieldEnd = stop;
      if (tag == ATTRIBUTES) {
        if (wantsAttributes) addAttribute(p, fieldEnd);
      } else noteField(tag, p, fieldEnd);
      p = fieldEnd;
    } else if (tag == TIME) {
      time = load<u64>(p + 1);
      hasTime = true;
      p += 9;
    } else if (tag == OBSERVED_TIME) {
      observedTime = load<u64>(p + 1);
      p += 9;
    } else if (tag == SEVERITY_NUMBER) {
      p = readVarint(p + 1);
      severityNumber = varint;
    } else if (tag == FLAGS) {
      flags = load<u32>(p + 1);
      p += 5;
    } else p = skipField(p, end);
  }
  if (p > end) unreachable();
}

function clear(): void {
  clearAttributes();
  time = 0;
  hasTime = false;
  observedTime = 0;
  severityNumber = 0;
  flags = 0;
  severityText = 0;
  severityTextEnd = 0;
  body = 0;
  bodyEnd = 0;
  traceId = 0;
  traceIdEnd = 0;
  spanId = 0;
  spanIdEnd = 0;
  eventName = 0;
  eventNameEnd = 0;
}

// @ts-ignore: decorator
@inline
function noteField(tag: u32, start: usize, end: usize): void {
  if (tag == BODY) {
    body = start;
    bodyEnd = end;
  } else if (tag == SEVERITY_TEXT) {
    severityText = start;
    severityTextEnd = end;
  } else if (tag == TRACE_ID) {
    traceId = start;
    traceIdEnd = end;
  } else if (tag == SPAN_ID) {
    spanId = start;
    spanIdEnd = end;
  } else if (tag == EVENT_NAME) {
    eventName = start;
    eventNameEnd = end;
  }
}
