import { closeBrace, comma, firstSpecial, lowerN, openBrace, quote, specials } from './characters.ts';
import { findMember, type Member, type Members } from './members.ts';
import type { Transfer } from './transfer.ts';
import { putLength } from './varint.ts';

const keyStart = words('{"key":"');
const valueStart = words('"value":');
const space = 0x20;

function words(text: string): readonly [number, number] {
  const bytes = Buffer.from(text);
  return [bytes.readInt32LE(0), bytes.readInt32LE(4)];
}

/** The members that an attribute's writer needs. */
export interface AttributeMembers {
  readonly key: Member;
  readonly value: Member;
  readonly valueMembers: Members;
}

export function attributeMembers(keyValue: Members): AttributeMembers {
  const [key, value] = [keyValue.byName.get('key')!, keyValue.byName.get('value')!];
  return { key, value, valueMembers: value.members! };
}

/**
 * The short way for a KeyValue of the form that nearly all have: `{"key":"…","value":{"…Value":…}}`, the key short and plain, the value a
 * scalar. Writes its length and content. False, with nothing moved, if it is of any other form.
 */
export function writePlainAttribute(s: Transfer, { key, value, valueMembers }: AttributeMembers): boolean {
  const { pos, at: start } = s;
  if (s.depth + 2 > s.maxDepth || !copyPlainKey(s)) return false;
  const at = s.at;
  const keyLength = at - start - 3;
  const member = s.input[s.pos] === quote ? findMember(s, valueMembers) : null;
  if (member !== null && member.members === null) {
    if (s.input[s.pos] !== lowerN) {
      s.out[at + 2] = member.firstTag;
      s.at = at + 3;
      member.write(s, member);
      if (s.input[s.pos] === closeBrace && s.input[s.pos + 1] === closeBrace) {
        const { out } = s;
        out[start + 1] = key.firstTag;
        out[start + 2] = keyLength;
        out[at] = value.firstTag;
        putLength(s, at + 1, 1);
        putLength(s, start, 1);
        s.pos += 2;
        return true;
      }
    }
  }
  s.pos = pos;
  s.at = start;
  return false;
}

/** Copies the key to where it goes, and moves to the name of the value's first member. False if the text is not plain. */
function copyPlainKey(s: Transfer): boolean {
  const { input, inputView, outView } = s;
  let pos = s.pos;
  if (inputView.getInt32(pos, true) !== keyStart[0] || inputView.getInt32(pos + 4, true) !== keyStart[1]) return false;
  pos += 8;
  const start = s.at + 3;
  let at = start;
  for (;;) {
    const word = inputView.getInt32(pos, true);
    outView.setInt32(at, word, true);
    const found = specials(word);
    if (found !== 0) {
      const plain = firstSpecial(found);
      pos += plain;
      at += plain;
      break;
    }
    pos += 4;
    at += 4;
  }
  if (input[pos] !== quote || input[pos + 1] !== comma || at === start || at - start > 127) return false;
  pos += input[pos + 2] === space ? 3 : 2;
  if (inputView.getInt32(pos, true) !== valueStart[0] || inputView.getInt32(pos + 4, true) !== valueStart[1])
    return false;
  if (input[pos + 8] !== openBrace) return false;
  s.pos = pos + 9;
  s.at = at;
  return true;
}
