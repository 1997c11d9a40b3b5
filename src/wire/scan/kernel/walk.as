import { enter, length, readTag, seek, skip, tag } from './fields';
import { input, METRIC_KIND, RESOURCE_GROUP, RESOURCE_INDEX, SCOPE_GROUP, SCOPE_INDEX, STATE } from './memory';
import { forget, forgetAll, METRIC, readMessage, RECORD, RESOURCE, SCOPE } from './messages';

// Tags: of the resources in a request, the resource or scope itself, the lists of scopes and of entries, and points.
const RESOURCES: u32 = 0x0a;
const SELF: u32 = 0x0a;
const SCOPES: u32 = 0x12;
const ENTRIES: u32 = 0x12;
const POINTS: u32 = 0x0a;
const RESOURCE_ATTRIBUTES: u32 = 0x0a;
const SCOPE_ATTRIBUTES: u32 = 0x1a;
const METRIC_ATTRIBUTES: u32 = 0x62;

// How far each level is read, and where it ends.
let requestAt: usize = 0;
let requestEnd: usize = 0;
let resourceAt: usize = 0;
let resourceEnd: usize = 0;
let scopeAt: usize = 0;
let scopeEnd: usize = 0;
let metricAt: usize = 0;
let metricEnd: usize = 0;
let pointsAt: usize = 0;
let pointsEnd: usize = 0;
// Of the attributes of a log record or span; 0 for metrics, whose points have theirs by kind.
let recordAttributes: u32 = 0;

// Starts over with the input that stands there, of so many bytes. False where a resource or scope comes in several pieces.
export function begin(size: usize, attributesTag: u32): bool {
  requestAt = input;
  requestEnd = input + size;
  resourceAt = resourceEnd = scopeAt = scopeEnd = metricAt = metricEnd = pointsAt = pointsEnd = 0;
  recordAttributes = attributesTag;
  store<i32>(STATE, -1, RESOURCE_INDEX);
  store<i32>(STATE, -1, SCOPE_INDEX);
  forgetAll();
  return isPlain();
}

// Moves on to the next record; false at the end.
export function next(): bool {
  while (true) {
    if (recordAttributes == 0 ? nextPoint() : nextEntry()) return true;
    if (!nextScope() && !nextResource()) return false;
  }
}

// @ts-ignore: decorator
@inline
function nextEntry(): bool {
  const start = seek(scopeAt, scopeEnd, ENTRIES);
  if (start == 0) return ended();
  scopeAt = start + length;
  readMessage(RECORD, start, scopeAt, recordAttributes);
  return true;
}

function ended(): bool {
  scopeAt = scopeEnd;
  return false;
}

function nextPoint(): bool {
  while (true) {
    const start = seek(pointsAt, pointsEnd, POINTS);
    if (start != 0) {
      pointsAt = start + length;
      readMessage(RECORD, start, pointsAt, pointAttributes(load<u32>(STATE, METRIC_KIND)));
      return true;
    }
    pointsAt = pointsEnd;
    if (!nextData()) return false;
  }
}

// The next list of points: a metric has one, or several pieces of one.
function nextData(): bool {
  while (true) {
    while (metricAt < metricEnd) {
      const p = readTag(metricAt);
      const kind = tag >>> 3;
      if ((tag & 7) == 2 && pointAttributes(kind) != 0) {
        pointsAt = enter(p, metricEnd);
        metricAt = pointsEnd = pointsAt + length;
        store<u32>(STATE, kind, METRIC_KIND);
        return true;
      }
      metricAt = skip(p, tag & 7, metricEnd);
    }
    const start = seek(scopeAt, scopeEnd, ENTRIES);
    if (start == 0) return ended();
    metricAt = start;
    metricEnd = scopeAt = start + length;
    readMessage(METRIC, start, metricEnd, METRIC_ATTRIBUTES);
  }
}

// By the field of a metric's data: the tag of the attributes of its points; 0 for other fields.
function pointAttributes(kind: u32): u32 {
  if (kind == 5 || kind == 7 || kind == 11) return 0x3a;
  if (kind == 9) return 0x4a;
  return kind == 10 ? 0x0a : 0;
}

function nextScope(): bool {
  const start = seek(resourceAt, resourceEnd, SCOPES);
  if (start == 0) {
    resourceAt = resourceEnd;
    return false;
  }
  scopeAt = start;
  scopeEnd = resourceAt = start + length;
  readSelf(SCOPE, start, scopeEnd, SCOPE_ATTRIBUTES, SCOPE_GROUP);
  store<i32>(STATE, load<i32>(STATE, SCOPE_INDEX) + 1, SCOPE_INDEX);
  return true;
}

function nextResource(): bool {
  const start = seek(requestAt, requestEnd, RESOURCES);
  if (start == 0) {
    requestAt = requestEnd;
    return false;
  }
  resourceAt = start;
  resourceEnd = requestAt = start + length;
  readSelf(RESOURCE, start, resourceEnd, RESOURCE_ATTRIBUTES, RESOURCE_GROUP);
  store<i32>(STATE, load<i32>(STATE, RESOURCE_INDEX) + 1, RESOURCE_INDEX);
  return true;
}

// The resource or scope that a list is about, which may stand behind the list.
function readSelf(message: usize, from: usize, to: usize, attributesTag: u32, group: usize): void {
  store<u32>(STATE + group, <u32>(from - input));
  store<u32>(STATE + group, <u32>(to - input), 4);
  forget(message);
  const start = seek(from, to, SELF);
  if (start != 0) readMessage(message, start, start + length, attributesTag);
}

// Whether no resource or scope stands in several pieces, which only the codec puts together.
function isPlain(): bool {
  for (let p = requestAt; (p = seek(p, requestEnd, RESOURCES)) != 0;) {
    const end = p + length;
    if (!isSingle(p, end)) return false;
    for (let q = p; (q = seek(q, end, SCOPES)) != 0;) {
      const stop = q + length;
      if (!isSingle(q, stop)) return false;
      q = stop;
    }
    p = end;
  }
  return true;
}

function isSingle(p: usize, end: usize): bool {
  const first = seek(p, end, SELF);
  return first == 0 || seek(first + length, end, SELF) == 0;
}
