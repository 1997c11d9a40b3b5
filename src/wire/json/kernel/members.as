import { doubt, FIRST, LAST, MASK, NEXT, SIZE } from './memory';
import { BACKSLASH, colon, next, QUOTE } from './tokens';
import { skipText } from './skip';

// The member that was found last; zero for a name that the message does not have.
export let found: usize = 0;

// From the name at `p` to the value. The guess is what came after `before` the last time.
// @ts-ignore: decorator
@inline
export function findMember(p: usize, before: usize, message: usize): usize {
  if (load<u8>(p) != QUOTE) doubt();
  const guess = <usize>load<u32>(before, NEXT);
  const mask = load<u32>(guess, MASK);
  if (isName(p + 1, guess, mask)) {
    found = guess;
    return next(p + 1 + <usize>popcnt(mask));
  }
  return search(p, before, message);
}

// Whether the bytes that `mask` has bits for are those of the member's name.
// @ts-ignore: decorator
@inline
function isName(p: usize, member: usize, mask: u32): bool {
  const same: u32 =
    i8x16.bitmask(i8x16.eq(v128.load(p), v128.load(member))) |
    (i8x16.bitmask(i8x16.eq(v128.load(p, 16), v128.load(member, 16))) << 16);
  return (same & mask) == mask;
}

// Looks through all members, from the guess on around, whatever stands between the name and the colon.
function search(p: usize, before: usize, message: usize): usize {
  const guess = <usize>load<u32>(before, NEXT);
  const last = <usize>load<u32>(message, LAST);
  let member = guess;
  do {
    const mask = load<u32>(member, MASK) >> 1;
    if (isName(p + 1, member, mask)) {
      store<u32>(before, <u32>member, NEXT);
      found = member;
      return colon(p + 1 + <usize>popcnt(mask));
    }
    member += SIZE;
    if (member == last) member = load<u32>(message, FIRST);
  } while (member != guess);
  found = 0;
  const end = skipText(p);
  // Names with escapes are for TypeScript.
  for (let i = p; i < end; i++) if (load<u8>(i) == BACKSLASH) doubt();
  return colon(end);
}
