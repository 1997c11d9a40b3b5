// Goes over the records of the batch.
import { takeRecord } from './entry';
import { input } from './places';
import { enterResource, enterScope, SELF_TAG } from './scope';
import { enter, skipField, stop, stopAtOdd } from './wire';

// Of the lists of resources in a request, of scopes in the message of a resource, of records in that of a scope.
const RESOURCES: u32 = 0x0a;
const SCOPES: u32 = 0x12;
const RECORDS: u32 = 0x12;

// Stops at a resource or scope that stands in several pieces: these have to be put together.
export function checkPieces(): void {
  const end = input.end;
  for (let p = input.at; p < end;) {
    if (load<u8>(p) != RESOURCES) p = skipField(p, end);
    else {
      const start = enter(p + 1, end);
      p = stop;
      checkSelf(start, p);
      checkScopes(start, p);
    }
  }
}

function checkScopes(start: usize, end: usize): void {
  for (let p = start; p < end;) {
    if (load<u8>(p) != SCOPES) p = skipField(p, end);
    else {
      const scope = enter(p + 1, end);
      p = stop;
      checkSelf(scope, p);
    }
  }
}

function checkSelf(start: usize, end: usize): void {
  let found = false;
  for (let p = start; p < end; p = skipField(p, end)) {
    if (load<u8>(p) != SELF_TAG) continue;
    if (found) stopAtOdd();
    found = true;
  }
}

export function walkBatch(): void {
  const end = input.end;
  for (let p = input.at; p < end;) {
    if (load<u8>(p) != RESOURCES) p = skipField(p, end);
    else {
      const start = enter(p + 1, end);
      p = stop;
      walkScopes(start, p);
    }
  }
}

function walkScopes(start: usize, end: usize): void {
  enterResource(start, end);
  for (let p = start; p < end;) {
    if (load<u8>(p) != SCOPES) p = skipField(p, end);
    else {
      const scope = enter(p + 1, end);
      p = stop;
      walkRecords(scope, p);
    }
  }
}

function walkRecords(start: usize, end: usize): void {
  enterScope(start, end);
  for (let p = start; p < end;) {
    if (load<u8>(p) != RECORDS) p = skipField(p, end);
    else {
      const record = enter(p + 1, end);
      p = stop;
      takeRecord(record, p);
    }
  }
}
