import { signalMessages } from '../schema.ts';
import { attributeMembers, writePlainAttribute } from './attribute.ts';
import type { Signal } from '../batch.ts';
import { closeBrace, closeBracket, lowerN, openBrace, openBracket } from './characters.ts';
import { buildMembers, findMember, type Member, type Members } from './members.ts';
import { roomFor } from './read-string.ts';
import { another, any, enter, skipValue } from './skip.ts';
import { next, skipWord } from './space.ts';
import { ensure, expected, Transfer } from './transfer.ts';
import { writers } from './write-values.ts';
import { putLength } from './varint.ts';

/** The members of every message, as this transcoder writes them. */
export const members = buildMembers({ ...writers, message: writeMessage });
const attribute = attributeMembers(members.KeyValue);
const transfer = new Transfer();

/** What `jsonToWire` does, step by step: slower than the kernel, but it takes everything, and knows what is wrong and where. */
export function walkToWire(signal: Signal, json: Uint8Array, maxDepth: number): { bytes: Uint8Array; count: number } {
  const s = transfer;
  s.begin(json, maxDepth);
  ensure(s, roomFor(s));
  try {
    next(s);
    readMessage(s, members[signalMessages[signal].request]);
    next(s);
    if (s.pos < s.end) throw expected(s, 'nothing after the request', s.pos);
    return { bytes: s.result(), count: s.count };
  } finally {
    s.release();
  }
}

function readMessage(s: Transfer, members: Members): void {
  if (s.input[s.pos] !== openBrace) throw expected(s, 'an object', s.pos);
  enter(s);
  if (any(s, closeBrace)) {
    let seen = 0;
    do {
      const member = findMember(s, members);
      if (s.input[s.pos] === lowerN) skipWord(s, 'null');
      else if (member === null) skipValue(s);
      else {
        if (member.repeated) readElements(s, member);
        else {
          const start = s.at;
          putTag(s, member);
          const absent = member.write(s, member);
          // A zero must replace an earlier value of the same member.
          if (absent && !member.presence && (seen & member.bit) === 0) s.at = start;
        }
        seen |= member.bit;
      }
    } while (another(s, closeBrace));
  }
  s.depth--;
}

function putTag(s: Transfer, member: Member): void {
  s.out[s.at++] = member.firstTag;
  if (member.secondTag !== 0) s.out[s.at++] = member.secondTag;
}

function readElements(s: Transfer, member: Member): void {
  if (s.input[s.pos] !== openBracket) throw expected(s, 'an array', s.pos);
  if (!any(s, closeBracket)) return;
  if (member.packed) return readPacked(s, member);
  do {
    putTag(s, member);
    if (!(member.attribute && writePlainAttribute(s, attribute))) member.write(s, member);
  } while (another(s, closeBracket));
}

function readPacked(s: Transfer, member: Member): void {
  putTag(s, member);
  const start = s.at;
  const reserved = member.lengthSize;
  s.at += reserved;
  do {
    ensure(s, roomFor(s));
    member.write(s, member);
  } while (another(s, closeBracket));
  member.lengthSize = putLength(s, start, reserved);
}

function writeMessage(s: Transfer, member: Member): boolean {
  const start = s.at;
  const reserved = member.lengthSize;
  s.at += reserved;
  s.count += Number(member.counted);
  if (s.input[s.pos] === lowerN) {
    enter(s);
    skipWord(s, 'null');
    s.depth--;
  } else readMessage(s, member.members!);
  member.lengthSize = putLength(s, start, reserved);
  return false;
}
