// The resource and the scope of the records that are looked at, and what all of these records share.
import { keyEnd, keyStart, readKeyValue, valueEnd, valueStart } from './attributes';
import { ByteMap } from './byte-map';
import { copy } from './copy';
import { nameAt, nameOfKey, RESOURCE_LABEL, SCOPE_NAME, SCOPE_VERSION } from './names';
import { RESOURCE, SCOPE, SCOPE_LABEL, wants } from './options';
import { beginGroup, endGroup, Group, putGroup, putPair } from './pairs';
import { arounds, input, key, PLACE, SCOPE_MAP } from './places';
import { push } from './push-number';
import { putValue } from './values';
import { enter, skipField, stop } from './wire';

// A number for what the labels have of the resource and the scope at the place.
// @ts-ignore: decorator
@external("env", "scopeKeyOf")
declare function scopeKeyOf(): u32;

export const SELF_TAG: u32 = 0x0a;
const RESOURCE_ATTRIBUTES: u32 = 0x0a;
const NAME_TAG: u32 = 0x0a;
const VERSION_TAG: u32 = 0x12;
const SCOPE_ATTRIBUTES: u32 = 0x1a;

// A resource with a scope: the pairs that they give every record, and what their labels are.
@unmanaged
class Around extends Group {
  // The push in which its pairs were collected last.
  push: u32;
  scopeKey: u32;
}

const AROUND = <u32>offsetof<Around>();
export const scopes = changetype<ByteMap>(SCOPE_MAP);
export let scopeKey: u32 = 0;

let number: u32 = 0;
let resource: usize = 0;
let resourceEnd: usize = 0;
let scope: usize = 0;
let scopeEnd: usize = 0;

// The list from `start` to `end` has the scopes of the resource that it has, too.
export function enterResource(start: usize, end: usize): void {
  resource = selfOf(start, end);
  resourceEnd = stop;
}

export function enterScope(start: usize, end: usize): void {
  scope = selfOf(start, end);
  scopeEnd = stop;
  store<u32>(PLACE, resource - input.at);
  store<u32>(PLACE, resourceEnd - input.at, 4);
  store<u32>(PLACE, scope - input.at, 8);
  store<u32>(PLACE, scopeEnd - input.at, 12);
  enterRecord(scope, scope);
  findKey();
}

export function enterRecord(start: usize, end: usize): void {
  store<u32>(PLACE, start - input.at, 16);
  store<u32>(PLACE, end - input.at, 20);
}

// Adds the pairs of the scope and the resource.
export function putAround(): void {
  const around = changetype<Around>(arounds.at + number * AROUND);
  if (around.push != push) {
    around.push = push;
    collect(around);
  }
  putGroup(around);
}

// Finds the resource or scope that the list from `start` to `end` is about, which ends at `stop`; nothing where there is none.
function selfOf(start: usize, end: usize): usize {
  for (let p = start; p < end;) {
    if (load<u8>(p) == SELF_TAG) return enter(p + 1, end);
    p = skipField(p, end);
  }
  stop = end;
  return end;
}

function findKey(): void {
  const resourceSize = resourceEnd - resource;
  const scopeSize = scopeEnd - scope;
  const size: usize = resourceSize + scopeSize + 4;
  key.used = 0;
  const at = key.append(size);
  store<u32>(at, resourceSize);
  copy(at + 4, resource, resourceSize);
  copy(at + 4 + resourceSize, scope, scopeSize);
  const known = scopes.find(at, size);
  if (known >= 0) {
    number = known;
    scopeKey = changetype<Around>(arounds.at + number * AROUND).scopeKey;
    return;
  }
  scopeKey = scopeKeyOf();
  number = <u32>(arounds.used / AROUND);
  scopes.add(at, size, number);
  const around = changetype<Around>(arounds.append(AROUND));
  around.push = 0;
  around.scopeKey = scopeKey;
}

export function forgetScopes(): void {
  scopes.clear();
  arounds.used = 0;
}

function collect(around: Around): void {
  const from = beginGroup();
  if (wants(SCOPE)) collectScope();
  if (wants(RESOURCE)) {
    for (let p = resource; p < resourceEnd;) p = collectAttribute(p, resourceEnd, RESOURCE_ATTRIBUTES, RESOURCE_LABEL);
  }
  endGroup(from, around);
}

function collectScope(): void {
  let name: usize = 0;
  let nameEnd: usize = 0;
  let version: usize = 0;
  let versionEnd: usize = 0;
  for (let p = scope; p < scopeEnd;) {
    const tag: u32 = load<u8>(p);
    if (tag == NAME_TAG) {
      name = enter(p + 1, scopeEnd);
      nameEnd = stop;
    } else if (tag == VERSION_TAG) {
      version = enter(p + 1, scopeEnd);
      versionEnd = stop;
    }
    p = skipField(p, scopeEnd);
  }
  if (name != 0 && !wants(SCOPE_LABEL)) putPair(SCOPE_NAME, name, nameEnd - name);
  if (version != 0) putPair(SCOPE_VERSION, version, versionEnd - version);
  for (let p = scope; p < scopeEnd;) p = collectAttribute(p, scopeEnd, SCOPE_ATTRIBUTES, 0);
}

// Adds the field at `p` if it is an attribute and no label, and passes over it.
function collectAttribute(p: usize, end: usize, tag: u32, label: u32): usize {
  if (load<u8>(p) != tag) return skipField(p, end);
  const start = enter(p + 1, end);
  const fieldEnd = stop;
  readKeyValue(start, fieldEnd);
  const name = nameOfKey(keyStart, keyEnd);
  if ((nameAt(name).labels & label) == 0) putValue(name, valueStart, valueEnd);
  return fieldEnd;
}
