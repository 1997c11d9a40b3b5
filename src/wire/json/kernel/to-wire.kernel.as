// OTLP/JSON to protobuf, as src/wire/json/to-wire.ts has it, for requests that are in order and have nothing odd. In
// AssemblyScript. Where it is not sure, it traps: then TypeScript does it all again, and finds out what is wrong, and where.
import { writePlainAttribute } from './attribute';
import {
  absent,
  at,
  ATTRIBUTE,
  begin,
  BIT,
  count,
  COUNTED,
  depth,
  doubt,
  enter,
  FLAGS,
  INPUT,
  inputEnd,
  KIND,
  LENGTH_SIZE,
  MESSAGE,
  outputEnd,
  PACKED,
  PADDING,
  PRESENCE,
  REPEATED,
  roomFor,
  TAGS,
} from './memory';
import { findMember, found } from './members';
import { skipValue } from './skip';
import { another, CLOSE_BRACE, CLOSE_BRACKET, LOWER_N, next, OPEN_BRACE, OPEN_BRACKET, skipNull } from './tokens';
import { MESSAGE_KIND, putLength, writeScalar } from './values';

export { reserve } from './memory';

// Converts the input, a message of the given kind. Returns how many bytes the output has; it stands behind the input's padding.
export function toWire(message: usize): usize {
  begin();
  if (next(readMessage(next(INPUT), message)) != inputEnd) doubt();
  return at - inputEnd - PADDING;
}

export function records(): i32 {
  return count;
}

function readMessage(start: usize, message: usize): usize {
  if (load<u8>(start) != OPEN_BRACE) doubt();
  enter();
  let p = next(start + 1);
  if (load<u8>(p) != CLOSE_BRACE) {
    let seen: u32 = 0;
    let before = message;
    while (true) {
      p = findMember(p, before, message);
      const member = found;
      if (member == 0) p = skipValue(p);
      else {
        before = member;
        if (load<u8>(p) == LOWER_N) p = skipNull(p);
        else {
          p = readValue(p, member, seen);
          seen |= load<u32>(member, BIT);
        }
      }
      p = next(p);
      const following = another(p, CLOSE_BRACE);
      if (following == 0) break;
      p = following;
    }
  }
  depth--;
  return p + 1;
}

// @ts-ignore: decorator
@inline
function readValue(p: usize, member: usize, seen: u32): usize {
  const flags: u32 = load<u8>(member, FLAGS);
  if ((flags & REPEATED) != 0) return readElements(p, member, flags);
  const start = at;
  const kind: u32 = load<u8>(member, KIND);
  putTag(member);
  if (kind == MESSAGE_KIND) return writeMessage(p, member);
  p = writeScalar(p, kind);
  // A zero must replace an earlier value of the same member.
  if (absent && (flags & PRESENCE) == 0 && (seen & load<u32>(member, BIT)) == 0) at = start;
  return p;
}

// @ts-ignore: decorator
@inline
function putTag(member: usize): void {
  const tags = load<u16>(member, TAGS);
  store<u16>(at, tags);
  at += tags > 255 ? 2 : 1;
}

function readElements(start: usize, member: usize, flags: u32): usize {
  if (load<u8>(start) != OPEN_BRACKET) doubt();
  let p = next(start + 1);
  if (load<u8>(p) == CLOSE_BRACKET) return p + 1;
  if ((flags & PACKED) != 0) return readPacked(p, member);
  const kind: u32 = load<u8>(member, KIND);
  while (true) {
    putTag(member);
    const plain = (flags & ATTRIBUTE) != 0 ? writePlainAttribute(p) : 0;
    if (plain != 0) p = plain;
    else p = kind == MESSAGE_KIND ? writeMessage(p, member) : writeScalar(p, kind);
    p = next(p);
    const following = another(p, CLOSE_BRACKET);
    if (following == 0) return p + 1;
    p = following;
  }
}

function readPacked(p: usize, member: usize): usize {
  putTag(member);
  const start = at;
  const reserved = <usize>load<u8>(member, LENGTH_SIZE);
  const kind: u32 = load<u8>(member, KIND);
  at += reserved;
  while (true) {
    if (outputEnd - at < roomFor(p)) doubt();
    p = next(writeScalar(p, kind));
    const following = another(p, CLOSE_BRACKET);
    if (following == 0) break;
    p = following;
  }
  store<u8>(member, <u8>putLength(start, reserved), LENGTH_SIZE);
  return p + 1;
}

function writeMessage(p: usize, member: usize): usize {
  const start = at;
  const reserved = <usize>load<u8>(member, LENGTH_SIZE);
  at += reserved;
  if ((load<u8>(member, FLAGS) & COUNTED) != 0) count++;
  if (load<u8>(p) == LOWER_N) {
    enter();
    p = skipNull(p);
    depth--;
  } else p = readMessage(p, load<u32>(member, MESSAGE));
  store<u8>(member, <u8>putLength(start, reserved), LENGTH_SIZE);
  return p;
}
